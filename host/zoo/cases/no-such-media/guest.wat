(func $find (param i32) (result i32) (drop (call $item)) (i32.store8 (i32.const 8244) (i32.const 1)) (i32.store8 (i32.const 8248) (i32.const 9)) (i32.const 1024))
