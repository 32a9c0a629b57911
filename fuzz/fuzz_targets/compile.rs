#![no_main]

use std::process::ExitCode;

use autocontent_fuzz_targets::{child, compile};

libfuzzer_sys::fuzz_target!(
    init: {
        // This program is its own compiler.
        if let Some(code) = child() {
            std::process::exit(i32::from(code != ExitCode::SUCCESS));
        }
    },
    |data: &[u8]| compile(data)
);
