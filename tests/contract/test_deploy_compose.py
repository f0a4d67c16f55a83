"""The compose file: its services are held in, and fit one another and the gateway."""

import re
from typing import Any

import pytest
import yaml

from tests.contract.deploying import DEPLOY, faults_of_words, seconds
from tests.contract.imports import ROOT

COMPOSE = (DEPLOY / "compose.yaml").read_text()
SERVICE_FIELDS = {
    *("build", "image", "command", "environment", "depends_on", "healthcheck", "init", "restart", "stop_grace_period"),
    *("ports", "volumes", "secrets", "networks", "tmpfs", "read_only"),
    *("cap_drop", "security_opt", "pids_limit", "deploy"),
}


def faults_of_compose(text: str, engine: str = "inprocess") -> list[str]:
    """What is wrong with a compose file, with nothing set in the environment but the engine."""
    filled = re.sub(r"\$\{ENFACE_ENGINE:-\w+\}", engine, text)
    document = yaml.safe_load(re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", filled))
    faults = [f"unknown: {name}" for name in set(document) - {"name", "services", "networks", "volumes", "secrets"}]
    for name, service in document["services"].items():
        faults += [f"{name}: {fault}" for fault in faults_of_service(service, document)]
    gateway, prometheus = document["services"]["gateway"], document["services"]["prometheus"]
    faults += faults_of_words(
        gateway["command"],
        grace_s=seconds(gateway["stop_grace_period"]),
        cpus=float(gateway["deploy"]["resources"]["limits"]["cpus"]),
    )
    if not any(entry.startswith("/tmp:") for entry in gateway.get("tmpfs", [])):
        faults.append("gateway: nowhere to write")
    if not set(prometheus["networks"]) & set(gateway["networks"]):
        faults.append("prometheus: no network to the gateway")
    pins = (ROOT / "constraints.txt").read_text().splitlines()
    if f"mlflow=={document['services']['mlflow']['image'].rpartition(':v')[2]}" not in pins:
        faults.append("mlflow: not the version of constraints.txt")
    return faults


def faults_of_service(service: dict[str, Any], document: dict[str, Any]) -> list[str]:
    faults = [f"unknown field {name}" for name in set(service) - SERVICE_FIELDS]
    held = {
        f"{service['image']}: no fixed tag": re.fullmatch(r"[\w./-]+:v?\d[\w.-]+", service["image"]),
        "writable root": service.get("read_only") is True,
        "capabilities": service.get("cap_drop") == ["ALL"],
        "may become more": "no-new-privileges:true" in service.get("security_opt", []),
        "unbounded": {"cpus", "memory"} <= set(service.get("deploy", {}).get("resources", {}).get("limits", {})),
        "no health check": "build" in service or service.get("healthcheck", {}).get("test", [""])[0] == "CMD",
        "others reach its port": all(port.startswith("127.0.0.1:") for port in service["ports"]),
        "is not started again": service.get("restart") == "unless-stopped",
    }
    faults += [fault for fault, right in held.items() if not right]
    for kind, names in (("networks", service["networks"]), ("secrets", service.get("secrets", []))):
        faults += [f"no {name} in {kind}" for name in names if name not in document[kind]]
    for volume in (volume for volume in service.get("volumes", []) if isinstance(volume, str)):
        source = volume.split(":")[0]
        there = (DEPLOY / source).is_file() if source.startswith(".") else source in document["volumes"]
        faults += [] if there else [f"no volume {source}"]
    if build := service.get("build"):
        arguments = re.findall(r"^ARG (\w+)", (ROOT / build["dockerfile"]).read_text(), re.MULTILINE)
        faults += [f"no build argument {name}" for name in build["args"] if name not in arguments]
    faults += [f"depends on no {name}" for name in service.get("depends_on", {}) if name not in document["services"]]
    return faults


COMPOSE_BREAKS = [
    ("prom/prometheus:v3.13.5", "prom/prometheus:latest", "prometheus: prom/prometheus:latest: no fixed tag"),
    ("mlflow:v3.17.2", "mlflow:v2.0.0", "mlflow: not the version of constraints.txt"),
    ('["127.0.0.1:${PROMETHEUS_PORT', '["${PROMETHEUS_PORT', "prometheus: others reach its port"),
    ("stop_grace_period: 80s", "stop_grace_period: 60s", "stopping may take 65 s, and it is killed after 60"),
    ('--threads, "2"', '--threads, "8"', "1 workers of 8 threads on 2 cpus"),
    ("    cap_drop: [ALL]\n", "", "gateway: capabilities"),
    ("    read_only: true\n    tmpfs", "    tmpfs", "gateway: writable root"),
    ("pids_limit: 512", "pid_limit: 512", "gateway: unknown field pid_limit"),
    ("networks: [tracked]", "networks: [tracking]", "mlflow: no tracking in networks"),
    ("mlflow:/mlflow", "tracking:/mlflow", "mlflow: no volume tracking"),
    ("./alerts.yml:", "./rules.yml:", "prometheus: no volume ./rules.yml"),
    ("ENGINE: ${", "MOTOR: ${", "gateway: no build argument MOTOR"),
]


@pytest.mark.parametrize("engine", ["inprocess", "torchserve"])
def test_the_compose_file_has_no_faults(engine):
    assert faults_of_compose(COMPOSE, engine) == []


@pytest.mark.parametrize(("old", "new", "fault"), COMPOSE_BREAKS, ids=[fault for *_, fault in COMPOSE_BREAKS])
def test_a_broken_compose_file_is_refused(old, new, fault):
    assert old in COMPOSE
    assert fault in faults_of_compose(COMPOSE.replace(old, new))
