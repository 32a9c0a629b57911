(func $find (param i32) (result i32) (drop (call $item)) (i32.store8 (i32.const 8376) (i32.const 2)) (i32.const 1024))
