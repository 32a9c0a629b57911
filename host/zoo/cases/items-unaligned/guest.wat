(func $find (param i32) (result i32) (drop (call $item)) (i32.store (i32.const 1028) (i32.const 8193)) (i32.const 1024))
