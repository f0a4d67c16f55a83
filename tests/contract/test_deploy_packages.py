"""The packages in the image: those that serving imports, enough to translate with, and no more."""

import http.client
import importlib.metadata
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement

from tests.contract.deploying import DEPLOY
from tests.contract.imports import ROOT, closure
from tests.contract.test_modules import normal

BY_OTHERS = {"torch", "torch-model-archiver", "torchserve", "rich"}
"""Not imported by `enface serve` itself, but by TorchServe, in the archiver's process, by the other commands."""


def listed(engine: str) -> set[str]:
    """The packages in the list of an engine, without those that they need themselves."""
    names: set[str] = set()
    for line in (DEPLOY / f"requirements/{engine}.txt").read_text().splitlines():
        if line.startswith("-r "):
            names |= listed(line.removeprefix("-r ").removesuffix(".txt"))
        elif line and not line.startswith("#"):
            names.add(normal(line))
    return names


def test_the_lists_name_what_serving_imports_and_no_more():
    distributions = importlib.metadata.packages_distributions()
    packages = closure("enface.cli.serve").packages - set(sys.stdlib_module_names)
    needed = {normal(distributions[package][0]).removesuffix("-gpu") for package in packages}
    assert listed("torchserve") == (needed - {"onnxruntime"}) | BY_OTHERS
    pins = {normal(line.partition("==")[0]) for line in (ROOT / "constraints.txt").read_text().splitlines()}
    assert listed("torchserve") | {"onnxruntime", "onnxruntime-gpu"} <= pins


def others(names: set[str]) -> str:
    """The top modules of all packages but these and those that they need, with blanks between."""
    known: set[str] = set()
    waiting = sorted(names)
    while waiting:
        name = normal(waiting.pop())
        if name not in known:
            known.add(name)
            needed = (Requirement(line) for line in importlib.metadata.requires(name) or [])
            waiting += [each.name for each in needed if not each.marker or each.marker.evaluate({"extra": ""})]
    owners = importlib.metadata.packages_distributions().items()
    return " ".join(module for module, found in owners if not (known | {"enface"}) & {normal(each) for each in found})


WITHOUT = """
import sys
refused = set(sys.argv.pop(1).split())
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in refused:
            raise ModuleNotFoundError(f"{name} is not in the image", name=name)
sys.meta_path.insert(0, Refuse())
"""
SERVE = f"{WITHOUT}\nfrom enface.cli.app import main; main()"
IMPORT = f"""{WITHOUT}
import serving.gateway.upstream, serving.handler
import model_archiver.model_packaging, ts.model_service_worker
"""


def runtime() -> set[str]:
    """The ONNX Runtime that is installed here, of the two."""
    there = {normal(each.name) for each in importlib.metadata.distributions()}
    return {"onnxruntime", "onnxruntime-gpu"} & there


def start(names: set[str], bundle: Path, folder: Path) -> subprocess.Popen:
    words = ["serve", "--bundle", str(bundle), "--engine", "inprocess", "--port", "0", "--threads", "1"]
    command = [sys.executable, "-c", SERVE, others(names), *words]
    environment = os.environ | {"TMPDIR": str(folder), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_the_short_list_is_enough_to_translate(toy_bundle, tmp_path):
    with start(listed("inprocess") | runtime(), toy_bundle, tmp_path) as process:
        ready = process.stdout.readline()
        assert ready.startswith("Ready: "), process.stderr.read()
        place = re.search(r"//([\d.]+):(\d+)", ready)
        asking = http.client.HTTPConnection(place[1], int(place[2]), timeout=60)
        asking.request("POST", "/v1/translate", '{"text": "a"}', {"Content-Type": "application/json"})
        assert asking.getresponse().status == 200
        asking.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def test_a_list_that_lacks_something_is_seen(toy_bundle, tmp_path):
    lacking = (listed("inprocess") | runtime()) - {"prometheus-client"}
    with start(lacking, toy_bundle, tmp_path) as process:
        assert "prometheus_client is not in the image" in process.communicate(timeout=60)[1]


def test_the_long_list_is_enough_for_torchserve():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IMPORT, others(listed("torchserve") | runtime())],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
