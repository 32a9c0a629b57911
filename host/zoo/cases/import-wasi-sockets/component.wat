(component
    (import "wasi:sockets/tcp@0.2.0" (instance))
    (instance $e) (export "autocontent:provider/content@1.0.0" (instance $e)))
