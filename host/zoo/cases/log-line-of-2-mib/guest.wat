(memory (export "memory") 60)
(func $find (param i32) (result i32) (call $log (i32.const 2) (i32.const 65536) (i32.const 2000000)) (call $item))
