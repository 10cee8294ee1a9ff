//! Transcripts of the command line: `TRYCMD=overwrite cargo test -p complet --test commands` rewrites them.

#[test]
fn transcripts() {
    trycmd::TestCases::new()
        .env("LC_ALL", "C")
        .env("NO_COLOR", "1")
        .env("COMPLET_CACHE", "")
        .case("../../tests/cmd/*.trycmd");
}
