(func $find (param i32) (result i32) (i64.store offset=0x7fffffff (i32.const 0x7fffffff) (i64.const -1)) (call $item))
