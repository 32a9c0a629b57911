(component
    (core module $m
        (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref) )
    
    (instance $e) (export "autocontent:provider/content@1.0.0" (instance $e)))
