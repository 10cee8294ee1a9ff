#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| complet_program::fuzzing::judged_text(bytes));
