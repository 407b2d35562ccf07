#!/usr/bin/env bash
# `make fuzz-pdf MINUTES=60`: half of the time for each fuzz target of turnout-pdf, on the stable toolchain, without a
# sanitizer (there is no unsafe code of ours). An input may take a second of the processor, and 256 MB. Corpus and
# findings are kept in target/fuzz-pdf. A finding ends the run: it becomes a test in
# turnout-pdf/tests/all/hostile_input.rs.
source "$(dirname "$0")/common.sh"
minutes=${MINUTES:-10}
tools=$target/fuzz-tools
command -v "$tools/bin/cargo-fuzz" >/dev/null || cargo install --quiet --locked --root "$tools" cargo-fuzz@0.13.2
forms=${TURNOUT_SHARED:-$root/../shared}/forms
for name in compile fill; do
    mkdir -p "$target/fuzz-pdf/$name/corpus" "$target/fuzz-pdf/$name/findings"
done
# the smaller forms, as published and with their objects laid open
find "$forms" -name '*.pdf' -size -100k | while read -r form; do
    seed=$target/fuzz-pdf/compile/corpus/seed-$(basename "$form" .pdf)
    [[ -e $seed ]] || cp "$form" "$seed"
    [[ -e $seed-open ]] || qpdf --qdf --stream-data=preserve --object-streams=disable "$form" "$seed-open" || true
done
[[ -e $target/fuzz-pdf/fill/corpus/seed ]] || printf '\0José\0Quincy\0+\0李明\0' > "$target/fuzz-pdf/fill/corpus/seed"
cp -n turnout-server/src/commands/forms/signature.png "$target/fuzz-pdf/fill/corpus/" 2>/dev/null || true
code=0
for name in compile fill; do
    say "== $name, $((minutes * 30)) seconds"
    (cd turnout-pdf && PATH=$tools/bin:$PATH CARGO_TARGET_DIR=$target/fuzz-pdf/build cargo fuzz run --sanitizer none \
        --fuzz-dir fuzz "$name" "$target/fuzz-pdf/$name/corpus" -- -dict=fuzz/pdf.dict -max_len=300000 \
        "-artifact_prefix=$target/fuzz-pdf/$name/findings/" "-max_total_time=$((minutes * 30))" \
        -timeout=60 -rss_limit_mb=256 -print_final_stats=1) 2>&1 | tee "$target/fuzz-pdf/$name/log" \
        | grep -aE 'cov: .*(INITED|DONE)|pulse|stat::|ERROR|panicked|SUMMARY|error' || true
    grep -aqE '^stat::number_of_executed_units' "$target/fuzz-pdf/$name/log" || code=1
    if grep -aqE 'ERROR: libFuzzer|panicked' "$target/fuzz-pdf/$name/log"; then code=1; fi
done
exit $code
