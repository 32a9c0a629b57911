(component
    (core module $m
        (memory i64 1))
    
    (instance $e) (export "autocontent:provider/content@1.0.0" (instance $e)))
