(component
    (core module $m
        (table 10000000 funcref))
    
    (instance $e) (export "autocontent:provider/content@1.0.0" (instance $e)))
