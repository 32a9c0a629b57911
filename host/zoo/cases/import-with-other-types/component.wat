(component
    (import "autocontent:provider/log@1.0.0" (instance (export "write" (func (param "message" u64)))))
    (instance $e) (export "autocontent:provider/content@1.0.0" (instance $e)))
