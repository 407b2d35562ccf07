#!/usr/bin/env bash
# `make fuzz-geo MINUTES=60`: the time is divided among the fuzz targets of turnout-geo, twice as much for what reads areas,
# on the stable toolchain, without a sanitizer (there is no unsafe code of ours). One input may take a minute, as the machine
# may be busy. Corpus and findings are kept in target/fuzz-geo. A finding ends its target's run: it becomes a test in
# turnout-geo/tests/all/.
source "$(dirname "$0")/common.sh"
targets=(parse areas streets offices)
seconds=$((${MINUTES:-10} * 60 / (${#targets[@]} + 1)))
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
python3 - "$target/fuzz-geo" <<'PYTHON'
import json, pathlib, struct, sys
corpora = pathlib.Path(sys.argv[1])

def seed(target, **files):
    for name, content in files.items():
        (corpora / target / "corpus" / f"seed-{name}").write_bytes(content)

def geojson(kind, coordinates, properties):
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
    return json.dumps({"type": "FeatureCollection", "features": [feature, feature]}).encode()

def shapefile(kind, parts, fields):
    box = struct.pack("<dddd", 0, 0, 1, 1)
    starts = [sum(map(len, parts[:number])) for number in range(len(parts))]
    shape = struct.pack("<i", kind) + box + struct.pack("<ii", len(parts), sum(map(len, parts)))
    shape += b"".join(struct.pack("<i", start) for start in starts)
    shape += b"".join(struct.pack("<dd", *point) for part in parts for point in part)
    record = struct.pack(">ii", 1, len(shape) // 2) + shape
    head = struct.pack(">iiiiiii", 9994, 0, 0, 0, 0, 0, (100 + len(record)) // 2) + struct.pack("<ii", 1000, kind)
    shp = head + box + bytes(32) + record
    columns = b"".join(name.encode().ljust(11, b"\0") + b"C" + bytes(4) + bytes([len(value)]) + bytes(15) for name, value in fields.items())
    lengths = len(columns) + 33, 1 + sum(map(len, fields.values()))
    dbf = struct.pack("<BBBBIHH", 3, 24, 1, 1, 1, *lengths) + bytes(20) + columns + b"\r " + "".join(fields.values()).encode()
    return struct.pack("<H", len(shp)) + shp + dbf

def texts(*texts):
    ends = [sum(map(len, texts[:number])) for number in range(len(texts) + 1)]
    content = "".join(texts).encode()
    return [len(ends), *ends, *struct.unpack(f"<{-(-len(content) // 4)}I", content + bytes(-len(content) % 4))]

def sections(head, *sections):
    words = [word & 0xffffffff for section in sections for word in section]
    return bytes(head) + struct.pack(f"<{len(sections) - 1}H{len(words)}I", *map(len, sections[:-1]), *words)

rings = [[(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], [(0.2, 0.2), (0.4, 0.2), (0.3, 0.4), (0.2, 0.2)]]
wkb = struct.pack("<BII", 1, 3, 2) + b"".join(struct.pack("<I", len(r)) + b"".join(struct.pack("<dd", *p) for p in r) for r in rings)
leaf, branch = 1 << 30, 2 << 30
leaves = [1, 1, 2, 3, 1000, 1000, 7000000, 5000000, 1000, 5000000]
index = sections([2, 56, 56, 2, 1], [branch, 1], [leaf] + [0] * 255, [], leaves, [2, 0, 1], texts("layer", "2020", "1", "one", "", "2", "two", "25"))
seed("areas", geojson=b"\0" + geojson("Polygon", rings, {"GEOID": "1", "NAME": "one"}), wkb=b"\1" + wkb,
    shapefile=b"\2" + shapefile(5, rings, {"GEOID": "1   ", "NAME": "one "}), index=b"\3" + index)

block = {"TLID": "1", "FULLNAME": "N Main St", "LFROMHN": "1", "LTOHN": "99", "ZIPL": "02446", "RFROMHN": "2", "RTOHN": "98", "ZIPR": "02446"}
line = [(-71.12, 42.34), (-71.121, 42.345), (-71.125, 42.35)]
zigzag = lambda step: (step << 1) ^ (step >> 63)
def number(value):
    low = [value >> shift & 0x7f for shift in range(0, max(value.bit_length(), 1), 7)]
    return bytes([part | 0x80 for part in low[:-1]] + low[-1:])
points = b"".join(number(zigzag(step)) for step in (-7112000, 4234000, -100, 500, -400, 500))
line_words = struct.unpack("<5I", (b"\3" + points).ljust(20, b"\0"))
row = lambda low, high: [2446 | 1 << 30, low, high, 0]
streets = sections([], texts("MAIN|N|ST|", "MIAN||ST|"), [0, 1, 2], row(1, 99) + row(101, 199), [2446, 0, 2446, 1], line_words)
seed("streets", geojson=b"\0" + geojson("LineString", line, block), shapefile=b"\1" + shapefile(3, [line], block), index=b"\2" + streets)

offices = {"regions": [{"id": 430666, "region_name": "De Soto County", "state_abbr": "FL", "county_name": "De Soto County"}], "offices": [
    {"id": 7, "region": "/eod/v3/regions/430666", "hours": "9-5", "updated": "2020-08-01T12:00:00Z", "addresses": [
        {"id": 8, "address_to": "Supervisor", "street1": "201 E Oak St", "city": "Arcadia", "state": "FL", "zip": "34266",
         "website": "https://example.org", "main_email": "a@example.org", "main_phone_number": "863-993-4871",
         "is_physical": True, "lat": 27.2, "lng": -81.8, "functions": ["DOM_VR", "DOM_REQ"]}]}]}
row = {"region_id": "1", "region_name": "Ada", "state_abbr": "ID", "office_id": "2", "address_id": "3", "street1": "1 Main St",
       "is_physical": "true", "functions": "DOM_VR DOM_RET", "lat": "43.6", "lng": "-116.2"}
seed("offices", whole=b"\0" + json.dumps(offices).encode(), passes=b"\1" + json.dumps([{"objects": offices["regions"]}] * 2).encode(),
    row=b"\2" + json.dumps(row).encode())
PYTHON
code=0
for name in "${targets[@]}"; do
    lasting=$seconds
    if [[ $name == areas ]]; then lasting=$((2 * seconds)); fi
    say "== $name, $lasting seconds"
    (cd turnout-geo && PATH=$tools/bin:$PATH CARGO_TARGET_DIR=$target/fuzz-geo/build cargo fuzz run --sanitizer none \
        --fuzz-dir fuzz "$name" "$target/fuzz-geo/$name/corpus" -- -max_len=2000 \
        "-artifact_prefix=$target/fuzz-geo/$name/findings/" "-max_total_time=$lasting" \
        -timeout=60 -rss_limit_mb=512 -print_final_stats=1) 2>&1 | tee "$target/fuzz-geo/$name/log" \
        | grep -aE 'cov: .*(INITED|DONE)|pulse|stat::|ERROR|panicked|SUMMARY|error' || true
    grep -aqE '^stat::number_of_executed_units' "$target/fuzz-geo/$name/log" || code=1
    if grep -aqE 'ERROR: libFuzzer|panicked' "$target/fuzz-geo/$name/log"; then code=1; fi
done
exit $code
