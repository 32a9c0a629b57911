(func $find (param i32) (result i32) (call $log (i32.const 17) (i32.const 16) (i32.const 7)) (call $item))
