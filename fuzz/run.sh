#!/usr/bin/env bash
# Runs every fuzz target, one after the other; stops at the first fault.
#
# fuzz/run.sh [EXECUTIONS]   how many of each target (default: 10000000)
#
# Needs a nightly toolchain, a C++ compiler and cargo-fuzz (cargo install cargo-fuzz). No sanitizer: there is no unsafe
# code that it could watch. What is found on the way stays in fuzz/target/found and is where the next run starts.
set -euo pipefail
cd "$(dirname "$0")"
executions=${1:-10000000}
cargo +nightly fuzz build -s none
for target in $(cargo +nightly fuzz list); do
    mkdir -p "target/found/$target"
    echo "$target: $executions executions"
    cargo +nightly fuzz run -s none "$target" "target/found/$target" "corpus/$target" -- \
        -runs="$executions" -max_len=1024 -timeout=10 -verbosity=0 -print_final_stats=1
done
