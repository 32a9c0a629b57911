(memory (export "memory") 250)
(func $suggest (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
    (i32.store (i32.const 2048) (i32.const 65536)) (i32.store (i32.const 2052) (i32.const 500000))
    (i32.const 2048))
