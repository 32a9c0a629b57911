(component
    (import "system" (func))
    (instance $e) (export "autocontent:provider/content@1.0.0" (instance $e)))
