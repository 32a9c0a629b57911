#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| autocontent_fuzz_targets::url(data));
