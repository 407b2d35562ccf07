#!/usr/bin/env bash
# `make fuzz-geo MINUTES=60`: the time is divided among the fuzz targets of turnout-geo, on the stable toolchain, without a
# sanitizer (there is no unsafe code of ours). One input may take a minute, as the machine may be busy. Corpus and
# findings are kept in target/fuzz-geo. A finding ends the run: it becomes a test in turnout-geo/tests/all/.
source "$(dirname "$0")/common.sh"
targets=(parse areas)
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
python3 - "$target/fuzz-geo/areas/corpus" <<'PYTHON'
import json, pathlib, struct, sys
corpus = pathlib.Path(sys.argv[1])
rings = [[(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], [(0.2, 0.2), (0.4, 0.2), (0.3, 0.4), (0.2, 0.2)]]
wkb = struct.pack("<BII", 1, 3, 2) + b"".join(struct.pack("<I", len(r)) + b"".join(struct.pack("<dd", *p) for p in r) for r in rings)
feature = {"type": "Feature", "properties": {"GEOID": "1", "NAME": "one"}, "geometry": {"type": "Polygon", "coordinates": rings}}
geojson = json.dumps({"type": "FeatureCollection", "features": [feature, feature]}).encode()
points = b"".join(struct.pack("<dd", *point) for ring in rings for point in ring)
box = struct.pack("<dddd", 0, 0, 1, 1)
shape = struct.pack("<i", 5) + box + struct.pack("<iiii", 2, 9, 0, 5) + points
record = struct.pack(">ii", 1, len(shape) // 2) + shape
shp = struct.pack(">iiiiiii", 9994, 0, 0, 0, 0, 0, (100 + len(record)) // 2) + struct.pack("<ii", 1000, 5) + box + bytes(32) + record
field = lambda name: name.ljust(11, b"\0") + b"C" + bytes(4) + bytes([4]) + bytes(15)
dbf = struct.pack("<BBBBIHH", 3, 24, 1, 1, 1, 97, 9) + bytes(20) + field(b"GEOID") + field(b"NAME") + b"\r" + b" 1   one "
for name, seed in {"geojson": b"\0" + geojson, "wkb": b"\1" + wkb, "shapefile": b"\2" + struct.pack("<H", len(shp)) + shp + dbf}.items():
    (corpus / f"seed-{name}").write_bytes(seed)
PYTHON
code=0
for name in "${targets[@]}"; do
    say "== $name, $seconds seconds"
    (cd turnout-geo && PATH=$tools/bin:$PATH CARGO_TARGET_DIR=$target/fuzz-geo/build cargo fuzz run --sanitizer none \
        --fuzz-dir fuzz "$name" "$target/fuzz-geo/$name/corpus" -- -max_len=1000 \
        "-artifact_prefix=$target/fuzz-geo/$name/findings/" "-max_total_time=$seconds" \
        -timeout=60 -rss_limit_mb=512 -print_final_stats=1) 2>&1 | tee "$target/fuzz-geo/$name/log" \
        | grep -aE 'cov: .*(INITED|DONE)|pulse|stat::|ERROR|panicked|SUMMARY|error' || true
    grep -aqE '^stat::number_of_executed_units' "$target/fuzz-geo/$name/log" || code=1
    if grep -aqE 'ERROR: libFuzzer|panicked' "$target/fuzz-geo/$name/log"; then code=1; fi
done
exit $code
