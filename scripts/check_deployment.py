"""Called by check_deployment.sh: Kubernetes and ECS by their schemas, and the settings of every deployment by the server.

What a manifest promises beside its schema is asked, too: no root, a read-only root file system, and a grace that is longer
than the server's own way to its end. The checks first prove themselves on a manifest that is wrong.
"""

import copy
import fnmatch
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import botocore.loaders
import botocore.model
import botocore.validate
import kubernetes_validate
import yaml

ROOT = pathlib.Path(__file__).parent.parent
DEPLOY = ROOT / "docs/deploy"
KUBERNETES = "1.34"
# of HTTP_DRAIN_TIMEOUT_SECONDS: requests, then calls whose callers have gone
DRAINS = 2 * 20
# what stands for secrets; none of them is real
SECRETS = {
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "API_KEY_PEPPER": "fedcba9876543210fedcba9876543210",
    "DATABASE_URL": "postgres://turnout:secret@database.example.org:5432/turnout?sslmode=verify-full",
    "SMTP_URL": "smtps://user:secret@smtp.example.org",
    "SENDGRID_API_KEY": "SG.none",
    "POSTGRES_PASSWORD": "secret",
}
ROLES = {"serve", "worker", "scheduler", "migrate"}


def documents(path):
    return [it for it in yaml.safe_load_all(path.read_text()) if it]


def kubernetes(manifest):
    """What is wrong with a manifest of Kubernetes."""
    try:
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        return [f"{error.message} at {list(error.path)}"]
    pod = manifest.get("spec", {}).get("template", {}).get("spec")
    if pod is None:
        return []
    wrong = []
    user = pod["securityContext"]
    if not user.get("runAsNonRoot") or not user.get("runAsUser"):
        wrong.append("it may run as root")
    for container in pod["containers"]:
        limits = container["securityContext"]
        if not limits.get("readOnlyRootFilesystem") or limits.get("allowPrivilegeEscalation") is not False:
            wrong.append("its root file system can be written, or it may get rights")
        if limits.get("capabilities") != {"drop": ["ALL"]}:
            wrong.append("it keeps capabilities")
        if [it["mountPath"] for it in container["volumeMounts"]] != ["/data"]:
            wrong.append("/data is not the one folder that can be written")
        if container["args"] == ["serve"]:
            for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
                if container[probe]["httpGet"]["path"] not in ("/-/health/", "/-/alive/"):
                    wrong.append(f"{probe} asks for something else")
            if container["livenessProbe"]["httpGet"]["path"] != "/-/alive/":
                wrong.append("a database that is away would have every process restarted")
    return wrong


def ecs_shape(name, service="ecs"):
    loader = botocore.loaders.Loader()
    model = botocore.model.ServiceModel(loader.load_service_model(service, "service-2"))
    return model.operation_model(name).input_shape


def ecs(name, given):
    """What is wrong with a call of Amazon's."""
    if name.endswith("-task.json"):
        shape = ecs_shape("RegisterTaskDefinition")
    elif name.endswith("-service.json"):
        shape = ecs_shape("CreateService")
    else:
        shape = ecs_shape("CreateTargetGroup", "elbv2")
    report = botocore.validate.ParamValidator().validate(given, shape)
    wrong = [report.generate_report()] if report.has_errors() else []
    unknown = set(given) - set(shape.members)
    wrong += [f"{it} is nothing that it knows" for it in sorted(unknown)]
    for container in given.get("containerDefinitions", []):
        if container.get("user") in (None, "", "root", "0") or container.get("readonlyRootFilesystem") is not True:
            wrong.append("it runs as root, or its root file system can be written")
        if container.get("linuxParameters", {}).get("capabilities") != {"drop": ["ALL"]}:
            wrong.append("it keeps capabilities")
    if given.get("HealthCheckPath", "/-/health/") != "/-/health/":
        wrong.append("the balancer does not ask for the health")
    return wrong


def interpolated(text):
    """As compose does it, with the secrets above."""

    def value(found):
        name, default = found["name"], found["default"]
        if name in SECRETS:
            return SECRETS[name]
        return default if found["how"] == ":-" else ""

    pattern = r"\$\{(?P<name>[A-Z_]+)(?P<how>:-|:\?)?(?P<default>[^}]*)\}"
    return re.sub(pattern, value, text)


def compose(text):
    """What is wrong with compose.yaml, and what its roles are given."""
    services = yaml.safe_load(interpolated(text))["services"]
    wrong, given = [], {}
    for name, service in services.items():
        if "build" not in service:
            continue
        role = service["command"][0]
        given[role] = ({k: str(v) for k, v in service["environment"].items()}, seconds(service["stop_grace_period"]))
        if not service["read_only"] or service["cap_drop"] != ["ALL"] or service["user"].startswith("0"):
            wrong.append(f"{name} may write, or has rights")
        if service["volumes"] != ["data:/data"]:
            wrong.append(f"/data is not the one folder that {name} can write")
    if services["web"]["healthcheck"]["test"] != ["CMD", "/usr/local/bin/turnout-server", "health"]:
        wrong.append("web is not asked for its health")
    return wrong, given


def seconds(text):
    return int(str(text).removesuffix("s"))


def check_settings(server, where, role, settings, grace):
    """Whether the server takes these settings, knows each of them, and has the time that it needs for its end."""
    known = set(re.findall(r"^# ([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text(), re.M))
    wrong = [f"{where}: {name} is no setting" for name in sorted(set(settings) - known)]
    with tempfile.TemporaryDirectory() as folder:
        asked = [server, "config", "check", "--role", role]
        environment = {"PATH": os.environ["PATH"], **settings, "TURNOUT_DATA_DIR": folder}
        done = subprocess.run(asked, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode != 0 or "warning" in done.stderr:
        wrong.append(f"{where}: the server says: {done.stderr.strip()}")
    needs = DRAINS + int(settings.get("HTTP_SHUTDOWN_DELAY_SECONDS", 5)) if role == "serve" else 20
    if grace <= needs:
        wrong.append(f"{where}: {grace} s are too few for its end, which may take {needs} s")
    return wrong


def all_kubernetes(server):
    wrong, roles = [], set()
    files = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    manifests = [(path.name, it) for path in files for it in documents(path)]
    settings = next(it["data"] for _, it in manifests if it["kind"] == "ConfigMap")
    names = {(it["kind"], it["metadata"]["name"]) for _, it in manifests}
    for name, manifest in manifests:
        wrong += [f"{name}: {it}" for it in kubernetes(manifest)]
        spec = manifest.get("spec", {})
        scaled = spec.get("scaleTargetRef")
        if scaled and (scaled["kind"], scaled["name"]) not in names:
            wrong.append(f"{name}: there is no {scaled['name']} to scale")
        pod = spec.get("template", {}).get("spec")
        if pod is None:
            continue
        container = pod["containers"][0]
        role = container["args"][0]
        roles.add(role)
        secrets = {k: v for k, v in SECRETS.items() if k in ("SECRET_KEY", "API_KEY_PEPPER", "DATABASE_URL", "SMTP_URL")}
        grace = pod.get("terminationGracePeriodSeconds", 30)
        wrong += check_settings(server, name, role, {**settings, **secrets}, grace)
    return wrong + [f"kubernetes: nothing runs {it}" for it in sorted(ROLES - roles)]


def all_ecs(server):
    wrong, roles = [], set()
    for path in sorted((DEPLOY / "ecs").glob("*.json")):
        given = json.loads(path.read_text())
        wrong += [f"{path.name}: {it}" for it in ecs(path.name, given)]
        for container in given.get("containerDefinitions", []):
            role = container["command"][0]
            roles.add(role)
            settings = {it["name"]: it["value"] for it in container["environment"]}
            settings |= {it["name"]: SECRETS[it["name"]] for it in container["secrets"]}
            wrong += check_settings(server, path.name, role, settings, container["stopTimeout"])
    return wrong + [f"ecs: nothing runs {it}" for it in sorted(ROLES - roles)]


def all_compose(server):
    wrong, given = compose((ROOT / "compose.yaml").read_text())
    for role, (settings, grace) in given.items():
        wrong += check_settings(server, f"compose.yaml, {role}", role, settings, grace)
    return wrong + [f"compose.yaml: nothing runs {it}" for it in sorted(ROLES - set(given))]


def build_context():
    """Whether what .dockerignore leaves is a workspace that cargo can read."""
    lines = [it for it in (ROOT / ".dockerignore").read_text().splitlines() if it and not it.startswith("#")]
    assert lines[0] == "*"
    tracked = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True)
    with tempfile.TemporaryDirectory() as folder:
        taken = 0
        for name in filter(None, tracked.stdout.decode().split("\0")):
            keeps = False
            for line in lines[1:]:
                pattern = line.removeprefix("!").replace("**/", "*")
                if fnmatch.fnmatch(name, pattern) or name.startswith(pattern + "/") or fnmatch.fnmatch(name, pattern + "/*"):
                    keeps = line.startswith("!")
            if keeps and (ROOT / name).exists():
                target = pathlib.Path(folder) / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes((ROOT / name).read_bytes())
                taken += 1
        read = ["cargo", "metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", "x86_64-unknown-linux-gnu", "--manifest-path", f"{folder}/Cargo.toml"]
        done = subprocess.run(read, cwd="/", capture_output=True, text=True)
        copies = [it.split()[1] for it in (ROOT / "Dockerfile").read_text().splitlines() if re.match(r"COPY [A-Z]", it)]
        missing = [it for it in copies if not (pathlib.Path(folder) / it).exists()]
    wrong = [f".dockerignore leaves out {it}" for it in missing]
    if done.returncode != 0:
        wrong.append(f".dockerignore leaves no workspace: {done.stderr.strip()}")
    print(f"the build's context: {taken} files")
    return wrong


def prove_itself():
    """Each check finds what it looks for."""
    path = DEPLOY / "kubernetes/web.yaml"
    web = documents(path)[0]
    for change in (
        lambda it: it["spec"]["template"]["spec"]["securityContext"].pop("runAsNonRoot"),
        lambda it: it["spec"]["template"]["spec"]["containers"][0].update(prots=[]),
        lambda it: it["spec"]["template"]["spec"]["containers"][0]["securityContext"].pop("readOnlyRootFilesystem"),
        lambda it: it["spec"].update(replicas="two"),
    ):
        changed = copy.deepcopy(web)
        change(changed)
        assert kubernetes(changed), "a manifest that is wrong passes"
    task = json.loads((DEPLOY / "ecs/web-task.json").read_text())
    for change in (
        lambda it: it["containerDefinitions"][0].update(user="0"),
        lambda it: it.pop("family"),
        lambda it: it.update(memroy="1"),
        lambda it: it["containerDefinitions"][0].update(stopTimeout="x"),
    ):
        changed = copy.deepcopy(task)
        change(changed)
        assert ecs("web-task.json", changed), "a task that is wrong passes"
    wrong, _ = compose((ROOT / "compose.yaml").read_text().replace("read_only: true", "read_only: false"))
    assert wrong, "a service that may write passes"


def main():
    server = sys.argv[1]
    prove_itself()
    settings = {"DEBUG": "false", "NO_SETTING": "1"}
    assert len(check_settings(server, "nowhere", "serve", settings, 1)) == 3, "settings that are wrong pass"
    wrong = all_kubernetes(server) + all_ecs(server) + all_compose(server) + build_context()
    for line in wrong:
        print(f"error: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
