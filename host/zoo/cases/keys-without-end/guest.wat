(func $find (param i32) (result i32)
    (call $keys (i32.const 0) (i32.const 16) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const -1) (i32.const 2048))
    (call $item))
