(func $start (loop $spin (br $spin)))
(start $start)
