(func $find (param i32) (result i32) (memory.fill (i32.const 1) (i32.const 0xff) (i32.const -1)) (call $item))
