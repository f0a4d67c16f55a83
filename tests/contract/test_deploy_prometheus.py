"""What Prometheus asks and watches: metrics, labels and routes that the gateway has."""

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from serving.gateway.metrics import STAGES
from tests.contract.deploying import DEPLOY, metric_names, routes, words_of_serving

COMPOSE = (DEPLOY / "compose.yaml").read_text()
TEXTS = {name: (DEPLOY / name).read_text() for name in ("alerts.yml", "prometheus.yml")}


def faults_of_prometheus(text: str, alerts: str) -> list[str]:
    """What is wrong with what Prometheus asks and watches."""
    config, compose = yaml.safe_load(text), yaml.safe_load(COMPOSE)
    faults = [f"no file {name}" for name in config["rule_files"] if not (DEPLOY / name).is_file()]
    [job] = config["scrape_configs"]
    [target] = job["static_configs"][0]["targets"]
    host, _, port = target.partition(":")
    if host not in compose["services"] or not compose["services"][host]["ports"][0].endswith(f":{port}"):
        faults.append(f"no service at {target}")
    if job["metrics_path"] not in routes():
        faults.append(f"no route {job['metrics_path']}")
    for rule in (rule for group in yaml.safe_load(alerts)["groups"] for rule in group["rules"]):
        faults += [f"{rule.get('alert')}: {fault}" for fault in faults_of_rule(rule, job["job_name"])]
    return faults


def faults_of_rule(rule: dict[str, Any], job: str) -> list[str]:
    faults = [f"no {name}" for name in ("alert", "expr", "labels", "annotations") if name not in rule]
    faults += [f"unknown {name}" for name in set(rule) - {"alert", "expr", "for", "labels", "annotations"}]
    names = re.findall(r"\b(?:enface_\w+|up)\b", rule["expr"])
    faults += [f"no metric {name}" for name in names if name not in metric_names() | {"up"}]
    known = {"reason": words_of_serving(), "stage": set(STAGES), "job": {job}}
    for label, values in re.findall(r'(\w+)=~?"([^"]+)"', rule["expr"]):
        faults += [f"no {label} {value}" for value in values.split("|") if value not in known[label]]
    return faults


PROMETHEUS_BREAKS = [
    ("prometheus.yml", "gateway:8080", "gateway:8081", "no service at gateway:8081"),
    ("prometheus.yml", "metrics_path: /metrics", "metrics_path: /figures", "no route /figures"),
    ("prometheus.yml", "alerts.yml", "rules.yml", "no file rules.yml"),
    (
        "alerts.yml",
        'enface_rejects_total{reason="int',
        'enface_rejected_total{reason="int',
        "EnfaceFails: no metric enface_rejected_total",
    ),
    ("alerts.yml", "too_busy|", "too_crowded|", "EnfaceTurnsAway: no reason too_crowded"),
    ("alerts.yml", 'stage="total"', 'stage="all"', "EnfaceSlow: no stage all"),
    ("alerts.yml", 'up{job="enface"}', 'up{job="gateway"}', "EnfaceGone: no job gateway"),
    ("alerts.yml", "        for: 1m", "        during: 1m", "EnfaceGone: unknown during"),
]


def test_what_prometheus_asks_has_no_faults():
    assert faults_of_prometheus(TEXTS["prometheus.yml"], TEXTS["alerts.yml"]) == []


@pytest.mark.parametrize(("name", "old", "new", "fault"), PROMETHEUS_BREAKS, ids=[b[3] for b in PROMETHEUS_BREAKS])
def test_a_broken_question_of_prometheus_is_refused(name, old, new, fault):
    assert old in TEXTS[name]
    broken = TEXTS | {name: TEXTS[name].replace(old, new)}
    assert fault in faults_of_prometheus(broken["prometheus.yml"], broken["alerts.yml"])


def test_promtool_has_nothing_to_say():
    promtool = shutil.which("promtool")
    if not promtool:
        pytest.skip("promtool is not installed; Debian's package prometheus brings it")
    for words in (["config", "--syntax-only", "prometheus.yml"], ["rules", "alerts.yml"]):
        done = subprocess.run([promtool, "check", *words], cwd=DEPLOY, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
