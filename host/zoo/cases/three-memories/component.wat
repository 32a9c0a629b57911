(component
    (core module $m
        (memory 1) (memory 1) (memory 1))
    
    (instance $e) (export "autocontent:provider/content@1.0.0" (instance $e)))
