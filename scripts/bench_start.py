#!/usr/bin/env python3
"""Cold start and memory of the release binary: the median of seven starts on an existing database.

The last line is JSON: {"cold_start_ms": .., "idle_rss_mb": ..}. Standard library only.
Limits of ours: under 300 ms, under 60 MB.
"""
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time

STARTS = 7
SETTLE_SECONDS = 3
ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
BINARY = TARGET / "release" / "turnout-server"
PLACE = TARGET / "bench-start"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def spawn(port, log):
    """All in one on a folder of its own; nothing of the caller's settings reaches it."""
    settings = {
        "PATH": os.environ.get("PATH", ""),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DOCS_PORT": str(free_port()),
        "TURNOUT_DATA_DIR": str(PLACE / "var"),
    }
    return subprocess.Popen(
        [str(BINARY), "all-in-one"], cwd=PLACE, env=settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log
    )


def is_healthy(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/-/health/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def wait_until_healthy(server, port, started, limit=60.0):
    """Milliseconds from spawn to the first 200."""
    while time.perf_counter() - started < limit:
        if is_healthy(port):
            return (time.perf_counter() - started) * 1000
        if server.poll() is not None:
            sys.exit(f"the server ended with {server.returncode}: see {PLACE}/server.log")
        time.sleep(0.001)
    server.kill()
    sys.exit(f"no 200 from /-/health/ within {limit:.0f} s: see {PLACE}/server.log")


def resident_mb(server):
    for line in pathlib.Path(f"/proc/{server.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    sys.exit("the kernel did not say how much memory the server uses")


def stop(server):
    server.send_signal(signal.SIGTERM)
    try:
        code = server.wait(timeout=30)
    except subprocess.TimeoutExpired:
        server.kill()
        sys.exit("the server did not stop within 30 s of SIGTERM")
    if code != 0:
        sys.exit(f"the server ended with {code} after SIGTERM: see {PLACE}/server.log")


def one_start(log, settle=0.0):
    port = free_port()
    started = time.perf_counter()
    server = spawn(port, log)
    try:
        took = wait_until_healthy(server, port, started)
        time.sleep(settle)
        memory = resident_mb(server)
        stop(server)
    finally:
        if server.poll() is None:
            server.kill()
    return took, memory


def main():
    if not BINARY.exists():
        sys.exit(f"{BINARY} is missing: cargo build --release -p turnout-server")
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    with open(PLACE / "server.log", "w", encoding="utf-8") as log:
        first, _ = one_start(log)
        print(f"first start, on an empty folder: {first:.0f} ms")
        times = []
        for number in range(1, STARTS + 1):
            took, _ = one_start(log)
            times.append(took)
            print(f"start {number}: {took:.0f} ms")
        _, memory = one_start(log, settle=SETTLE_SECONDS)
    print(json.dumps({"cold_start_ms": round(statistics.median(times), 1), "idle_rss_mb": round(memory, 1)}))


if __name__ == "__main__":
    main()
