(func $start (call $log (i32.const 2) (i32.const 16) (i32.const 7)))
(start $start)
