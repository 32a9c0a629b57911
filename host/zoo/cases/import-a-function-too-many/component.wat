(component
    (import "autocontent:provider/system@1.0.0" (instance (export "shutdown" (func))))
    (instance $e) (export "autocontent:provider/content@1.0.0" (instance $e)))
