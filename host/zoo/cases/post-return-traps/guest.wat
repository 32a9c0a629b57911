(func (export "cabi_post_autocontent:provider/content@1.0.0#find") (param i32) (unreachable))
