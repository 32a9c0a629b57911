(memory (export "memory") 60)
(func $find (param i32) (result i32)
    (loop $spin (memory.fill (i32.const 65536) (i32.const 7) (i32.const 3800000)) (br $spin))
    (unreachable))
