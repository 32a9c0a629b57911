(func $find (param i32) (result i32) (call $random (i32.const -1) (i32.const 2048)) (call $item))
