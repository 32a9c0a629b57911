(func $find (param i32) (result i32) (drop (call $item)) (i32.const 1025))
