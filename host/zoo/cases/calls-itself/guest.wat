(func $find (param i32) (result i32) (call $find (local.get 0)))
