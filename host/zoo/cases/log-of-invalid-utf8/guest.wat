(data (i32.const 40) "\1b[2J\ff\fe")
(func $find (param i32) (result i32) (call $log (i32.const 2) (i32.const 40) (i32.const 6)) (call $item))
