(component
    (import "autocontent:provider/http@1.0.0" (func))
    (instance $e) (export "autocontent:provider/content@1.0.0" (instance $e)))
