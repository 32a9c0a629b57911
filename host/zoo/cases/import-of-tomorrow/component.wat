(component
    (import "autocontent:provider/http@1.1.0" (instance))
    (instance $e) (export "autocontent:provider/content@1.0.0" (instance $e)))
