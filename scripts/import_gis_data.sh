#!/usr/bin/env bash
# `make importgisdata`: fetches the boundaries that the rules of the states need, and imports them.
#
# Downloads are kept, so that a run that was stopped goes on; what was whole is not fetched again. GIS_MIRROR names
# another place with the same folders as the Census', GIS_DOWNLOADS another folder for the files, TURNOUT_SERVER a program
# that is built already. With DRY_RUN=1 it only says what it would fetch.
source "$(dirname "$0")/common.sh"

census=${GIS_MIRROR:-https://www2.census.gov/geo/tiger}
downloads=${GIS_DOWNLOADS:-$target/gis}
sums=$downloads/SHA256SUMS

# County subdivisions of the states with an office in each town or township; Connecticut's are those before its counties
# became planning regions, as the counties that come with turnout-geo are. Places of the states in which cities have an
# office of their own. Alaska's house districts as they were drawn in 2013, by which its offices are divided.
municipalities=(
    TIGER2021/COUSUB/tl_2021_09_cousub.zip # Connecticut
    TIGER2024/COUSUB/tl_2024_23_cousub.zip # Maine
    TIGER2024/COUSUB/tl_2024_25_cousub.zip # Massachusetts
    TIGER2024/COUSUB/tl_2024_26_cousub.zip # Michigan
    TIGER2024/COUSUB/tl_2024_33_cousub.zip # New Hampshire
    TIGER2024/COUSUB/tl_2024_44_cousub.zip # Rhode Island
    TIGER2024/COUSUB/tl_2024_50_cousub.zip # Vermont
    TIGER2024/COUSUB/tl_2024_55_cousub.zip # Wisconsin
    TIGER2024/PLACE/tl_2024_17_place.zip   # Illinois
    TIGER2024/PLACE/tl_2024_29_place.zip   # Missouri
)
districts=(
    TIGER2021/SLDL/tl_2021_02_sldl.zip # Alaska
)

command -v curl >/dev/null || die "curl is missing: apt-get install curl"
mkdir -p "$downloads"
touch "$sums"

# Whether the file is the one that was whole when it came.
is_whole() {
    local noted
    noted=$(grep -F "  $1" "$sums" | cut -d' ' -f1) && [[ -f $downloads/$1 ]] &&
        [[ $(sha256sum <"$downloads/$1" | cut -d' ' -f1) == "$noted" ]]
}

# Whether every file of an archive is as its checksum says; `python3 -m zipfile -t` only prints it.
is_archive() {
    python3 -c 'import sys, zipfile; sys.exit(zipfile.ZipFile(sys.argv[1]).testzip() is not None)' "$1" 2>/dev/null
}

# Fetches from where the file ends that is there. A server that has no more of it, or gives no parts, is asked for all of it.
download() {
    local status code=0
    status=$(curl --fail --location --silent --show-error --retry 3 --retry-delay 2 --connect-timeout 20 \
        --continue-at - --write-out '%{http_code}' --output "$2" "$1") || code=$?
    if ((code == 33)) || [[ $status == 416 ]]; then
        say "from the beginning, as it does not go on"
        rm -f "$2"
        curl --fail --location --silent --show-error --retry 3 --retry-delay 2 --connect-timeout 20 --output "$2" "$1"
        return
    fi
    return "$code"
}

# Fetches what is not there, from where a run before stopped, and notes size and checksum.
fetch() {
    local url=$census/$1 name=${1##*/}
    is_whole "$name" && return
    # one that a run before had fetched, and stopped before it was noted, is whole, too
    if ! is_archive "$downloads/$name.part"; then
        say "fetching $url"
        download "$url" "$downloads/$name.part" || return
        if ! is_archive "$downloads/$name.part"; then
            rm -f "$downloads/$name.part"
            say "$name came damaged"
            return 1
        fi
    fi
    mv "$downloads/$name.part" "$downloads/$name"
    sed -i "/  $name\$/d" "$sums"
    (cd "$downloads" && sha256sum "$name") >>"$sums"
    say "$name: $(stat -c %s "$downloads/$name") bytes, SHA-256 $(grep -F "  $name" "$sums" | cut -c1-16)…"
}

case "${DRY_RUN:-}" in
    "" | 0 | false | no) ;;
    *)
        for path in "${municipalities[@]}" "${districts[@]}"; do
            if is_whole "${path##*/}"; then say "${path##*/} is there"; else say "would fetch $census/$path"; fi
        done
        say "Nothing was fetched or imported: this was a dry run."
        exit
        ;;
esac

failed=()
for path in "${municipalities[@]}" "${districts[@]}"; do
    fetch "$path" || failed+=("$path")
done
if ((${#failed[@]})); then
    printf '\nThese could not be fetched, and nothing was imported:\n' >&2
    printf "  $census/%s\n" "${failed[@]}" >&2
    die "run make importgisdata again where there is a network, and it goes on where it stopped; or bring the files into
$downloads and import them: turnout-server import gis $downloads/tl_*_{cousub,place}.zip
and turnout-server import gis --plan 2013 $downloads/tl_2021_02_sldl.zip"
fi

if [[ -n ${TURNOUT_SERVER:-} ]]; then
    server=("$TURNOUT_SERVER")
else
    cargo build -q -p turnout-server
    server=(cargo run -q -p turnout-server --)
fi
"${server[@]}" migrate
"${server[@]}" import gis "${municipalities[@]/#*\//$downloads/}"
"${server[@]}" import gis --plan 2013 "${districts[@]/#*\//$downloads/}"
