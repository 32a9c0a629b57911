(type $f (func))
(table 1 funcref)
(func $find (param i32) (result i32) (call_indirect (type $f) (i32.const 0)) (call $item))
