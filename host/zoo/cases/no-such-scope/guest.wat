(func $find (param i32) (result i32) (call $get (i32.const 3) (i32.const 16) (i32.const 7) (i32.const 2048)) (call $item))
