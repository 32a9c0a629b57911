(type $f (func (param i64 i64 i64 i64)))
(table 1 funcref)
(elem (i32.const 0) $now)
(func $find (param i32) (result i32) (call_indirect (type $f) (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i32.const 0)) (call $item))
