#!/usr/bin/env bash
# `make fuzz-geo MINUTES=60`: the time is divided among the fuzz targets of turnout-geo, on the stable toolchain, without a
# sanitizer (there is no unsafe code of ours). Corpus and findings are kept in target/fuzz-geo. A finding ends the run: it
# becomes a test in turnout-geo/tests/all/.
source "$(dirname "$0")/common.sh"
targets=(parse)
seconds=$((${MINUTES:-10} * 60 / ${#targets[@]}))
tools=$target/fuzz-tools
command -v "$tools/bin/cargo-fuzz" >/dev/null || cargo install --quiet --locked --root "$tools" cargo-fuzz@0.13.2
for name in "${targets[@]}"; do
    mkdir -p "$target/fuzz-geo/$name/corpus" "$target/fuzz-geo/$name/findings"
done
python3 - "${TURNOUT_SHARED:-$root/../shared}/labels" "$target/fuzz-geo/parse/corpus" <<'PYTHON'
import json, pathlib, sys
labels, corpus = map(pathlib.Path, sys.argv[1:])
names = ["parse_libpostal_us", "parse_streetaddress_us", "parse_usaddress_test_labeled", "parse_rrad_components"]
for name in names:
    for number, line in enumerate((labels / f"{name}.jsonl").read_text().splitlines()[:200]):
        (corpus / f"seed-{name}-{number}").write_text(json.loads(line)["input"])
PYTHON
code=0
for name in "${targets[@]}"; do
    say "== $name, $seconds seconds"
    (cd turnout-geo && PATH=$tools/bin:$PATH CARGO_TARGET_DIR=$target/fuzz-geo/build cargo fuzz run --sanitizer none \
        --fuzz-dir fuzz "$name" "$target/fuzz-geo/$name/corpus" -- -max_len=400 \
        "-artifact_prefix=$target/fuzz-geo/$name/findings/" "-max_total_time=$seconds" \
        -timeout=1 -rss_limit_mb=512 -print_final_stats=1) 2>&1 | tee "$target/fuzz-geo/$name/log" \
        | grep -aE 'cov: .*(INITED|DONE)|pulse|stat::|ERROR|panicked|SUMMARY|error' || true
    grep -aqE '^stat::number_of_executed_units' "$target/fuzz-geo/$name/log" || code=1
    if grep -aqE 'ERROR: libFuzzer|panicked' "$target/fuzz-geo/$name/log"; then code=1; fi
done
exit $code
