    (import "autocontent:provider/http@1.0.0" "fetch"
        (func $fetch (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
    (import "autocontent:provider/http@1.0.0" "fetch-all" (func $fetch-all (param i32 i32 i32)))
    (import "autocontent:provider/storage@1.0.0" "get" (func $get (param i32 i32 i32 i32)))
    (import "autocontent:provider/storage@1.0.0" "set" (func $set (param i32 i32 i32 i32 i32 i32 i32 i32)))
    (import "autocontent:provider/storage@1.0.0" "delete" (func $delete (param i32 i32 i32 i32)))
    (import "autocontent:provider/storage@1.0.0" "increment" (func $increment (param i32 i32 i32 i64 i32)))
    (import "autocontent:provider/storage@1.0.0" "keys" (func $keys (param i32 i32 i32 i32 i32 i32 i32 i32)))
    (import "autocontent:provider/settings@1.0.0" "get" (func $setting (param i32 i32 i32)))
    (import "autocontent:provider/log@1.0.0" "write" (func $log (param i32 i32 i32)))
    (import "autocontent:provider/system@1.0.0" "now" (func $now (result i64)))
    (import "autocontent:provider/system@1.0.0" "random" (func $random (param i32 i32)))
    ;; Texts, from 16 on.
    (data $texts (i32.const 16) "misdeed\00guest.wat\00")
    (global $free (mut i32) (i32.const 65536))
    ;; Puts one item, which keeps to the contract, on the page at 1024, and returns the page's address. The item
    ;; stands at 8192; where its parts are is said in README.md.
    (func $item (result i32)
        (i32.store (i32.const 8192) (i32.const 16)) (i32.store (i32.const 8196) (i32.const 7))
        (i32.store (i32.const 8200) (i32.const 16)) (i32.store (i32.const 8204) (i32.const 7))
        (i32.store8 (i32.const 8208) (i32.const 1))
        (i32.store (i32.const 8212) (i32.const 16)) (i32.store (i32.const 8216) (i32.const 7))
        (i32.store (i32.const 1028) (i32.const 8192)) (i32.store (i32.const 1032) (i32.const 1))
        (i32.const 1024))
