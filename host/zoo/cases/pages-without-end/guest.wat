(func $find (param i32) (result i32)
    (i32.store8 (i32.const 1036) (i32.const 1))
    (i32.store (i32.const 1040) (i32.const 16)) (i32.store (i32.const 1044) (i32.const 7))
    (i32.const 1024))
