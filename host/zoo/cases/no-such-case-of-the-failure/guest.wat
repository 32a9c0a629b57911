(func $find (param i32) (result i32) (i32.store8 (i32.const 1024) (i32.const 1)) (i32.store8 (i32.const 1028) (i32.const 77)) (i32.const 1024))
