(component
    (core module $m
        (memory 1 2 shared))
    
    (instance $e) (export "autocontent:provider/content@1.0.0" (instance $e)))
