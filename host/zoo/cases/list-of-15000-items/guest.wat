(memory (export "memory") 64)
(func $find (param i32) (result i32)
    (i32.store (i32.const 1028) (i32.const 65536)) (i32.store (i32.const 1032) (i32.const 15000))
    (i32.const 1024))
