(component
    (core module $m
        (func (result i32) (i64.const 1)))
    
    (instance $e) (export "autocontent:provider/content@1.0.0" (instance $e)))
