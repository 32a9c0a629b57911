(func $find (param i32) (result i32)
    (loop $spin
        (call $random (i32.const 4096) (i32.const 2048))
        (global.set $free (i32.const 65536))
        (br $spin))
    (unreachable))
