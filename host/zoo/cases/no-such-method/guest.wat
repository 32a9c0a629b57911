(func $find (param i32) (result i32)
    (call $fetch (i32.const 6) (i32.const 16) (i32.const 7) (i32.const 0) (i32.const 0) (i32.const 0)
        (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 2048))
    (call $item))
