# Daily work. `./dev` does the same on a fresh machine.

# Lists the recipes
default:
    @just --list

# Checks one dossier
check dir *options:
    ./dev check {{quote(dir)}} {{options}}

# Formatting, lints and all tests
test:
    ./dev test

# Formatting and lints
lint:
    ./dev lint

# Installs what running and testing need
setup:
    ./dev setup

# Fetches the models of the second OCR engine
models:
    ./dev models

# Pages a second, CPU and memory, beside reference programs
bench *options:
    cargo run --release -q -p complet-fixtures -- bench {{options}}

# Makes the dossiers of fixtures/cases
fixtures *options:
    cargo run --release -q -p complet-fixtures -- make {{options}}

# How often types, fields and verdicts are right
accuracy *options:
    cargo build --release -p complet
    cargo run --release -q -p complet-fixtures -- accuracy {{options}}

# What each step of reading brings and costs
ablate *options:
    cargo build --release -p complet
    cargo run --release -q -p complet-fixtures -- ablate {{options}}

# Runs complet over the files in a folder, or over ones made to harm it
torture *options:
    cargo build --release -p complet
    cargo run --release -q -p complet-fixtures -- torture {{options}}

# Runs each fuzz target for so many seconds; what breaks one is kept in fuzz/artifacts. Needs libFuzzer's
# driver (cargo install cargo-fuzz --locked). The code is instrumented, which the stable compiler does when it
# is told to be no stable one; without a sanitizer, since that would need a nightly one.
fuzz seconds="60" *targets:
    #!/usr/bin/env bash
    set -euo pipefail
    export RUSTC_BOOTSTRAP=1
    chosen=({{targets}})
    [ ${#chosen[@]} -gt 0 ] || chosen=($(cargo fuzz list))
    for target in "${chosen[@]}"; do
        mkdir -p "fuzz/corpus/$target"
        cargo fuzz run --sanitizer none "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- \
            -max_total_time={{seconds}} -timeout=20 -rss_limit_mb=3000 -max_len=65536 -verbosity=0 -print_final_stats=1
    done

# Rewrites schemas/ from the types
schemas:
    UPDATE=1 cargo test --release -p complet --test schemas

# Licences, advisories and sources of the dependencies
deny:
    cargo deny check
