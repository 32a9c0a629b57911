(component
    (core module $m
        (memory 65536))
    
    (instance $e) (export "autocontent:provider/content@1.0.0" (instance $e)))
