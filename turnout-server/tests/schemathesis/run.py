"""The API under schemathesis: data that its description allows, data that it does not, and one call after another.

    run.py SERVER SECONDS SEED [CONTRACT]

SERVER is the program, SECONDS what the calls may take in all. With CONTRACT, the contract's openapi.yaml, a part of the time
goes to the shapes of answers as the contract has them. Nothing is sent anywhere: mails go into the folder of the run, and
the voter roll is a simulation of ours, which knows everybody whose first name has an even number of letters.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Roll(BaseHTTPRequestHandler):
    """TargetSmart's registration check."""

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        known = len(query.get("first_name", [""])[0]) % 2 == 0
        voters = [{"vb.voterbase_id": "OH-1", "vb.vf_voter_status": "Active"}] if known else []
        body = json.dumps({"result": known, "result_set": voters}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def wait_until_healthy(url, process, log):
    for _ in range(600):
        try:
            with urllib.request.urlopen(url + "/-/health/", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        if process.poll() is not None:
            break
        time.sleep(0.1)
    sys.exit("the server is not healthy:\n" + log.read_text())


def check(location, url, key, seconds, seed, more, folder):
    """One run, which leaves what it notes in the folder; whether it found nothing."""
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        "--config-file", str(HERE / "schemathesis.toml"),
        "run", location, "--url", url, "--auth", key,
        "--max-time", str(seconds), "--seed", str(seed), "--request-timeout", "20",
        "--generation-database", "none", "--no-color", *more,
    ]
    begun = time.monotonic()
    good = subprocess.run(command, cwd=folder).returncode == 0
    print(f"{'nothing was found' if good else 'FOUND SOMETHING'} in {time.monotonic() - begun:.0f} s of {seconds}", flush=True)
    return good


def main():
    server, seconds, seed, *contract = sys.argv[1:]
    server, seconds = str(Path(server).resolve()), int(seconds)
    roll = ThreadingHTTPServer(("127.0.0.1", 0), Roll)
    threading.Thread(target=roll.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="turnout-schemathesis.") as folder:
        port = free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "PORT": str(port),
            "RATE_LIMITS": "off",
            "SQLITE_SYNCHRONOUS": "NORMAL",
            "API_KEY_PEPPER": "a pepper of this run",
            "TARGETSMART_KEY": "simulated",
            "TARGETSMART_BASE_URL": f"http://127.0.0.1:{roll.server_port}",
        }

        def run(*arguments):
            return subprocess.run([server, *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True)

        run("migrate")
        key = json.loads(run("api-key", "create", "default", "--json").stdout)
        log = Path(folder, "log")
        with log.open("w") as lines:
            process = subprocess.Popen([server, "all-in-one"], cwd=folder, env=environment, stdout=lines, stderr=lines)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_healthy(url, process, log)
            credentials = f"{key['id']}:{key['secret']}"
            # each value of each field, then any values, then one call after another, then the answers as the contract has
            # them; each has its own time, so that a slow machine leaves none of them out
            location = f"{url}/v1/openapi.json"
            runs = [(location, 35, ["--phases", phase]) for phase in ("coverage", "fuzzing")]
            runs += [(location, 20, ["--phases", "stateful"])]
            if contract:
                shapes = ["--phases", "coverage", "--checks", "not_a_server_error,response_schema_conformance"]
                runs += [(contract[0], 15, shapes)]
            whole = sum(share for _, share, _ in runs)
            good = True
            for where, share, more in runs:
                good = check(where, url, credentials, max(1, seconds * share // whole), seed, more, folder) and good
            if process.poll() is not None:
                sys.exit("the server ended:\n" + log.read_text())
        finally:
            process.terminate()
            process.wait(timeout=30)
        for line in log.read_text().splitlines():
            if "panicked" in line or '"level":"ERROR"' in line or " ERROR " in line:
                good = False
                print("in the log:", line)
    sys.exit(0 if good else 1)


main()
