(component
    (import "autocontent:provider-x/http@1.0.0" (instance))
    (instance $e) (export "autocontent:provider/content@1.0.0" (instance $e)))
