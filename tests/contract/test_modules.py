"""Every module: its docstring, its imports, and that what it imports is declared and pinned."""

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from enface.tracking import registry
from tests.contract.imports import ROOT, closure, file_of, imported_by, modules

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUN_BY_OTHERS = {"serving.mlflow_model", "serving.handler"}  # MLflow and TorchServe, not Python's import

IMPORT_EACH = """
import importlib, os, sys, traceback
import numpy, torch, pytorch_lightning, mlflow, onnx, onnxruntime, tokenizers, pydantic, typer
failed = 0
for module in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        try:
            importlib.import_module(module)
        except BaseException:
            sys.stderr.write(f"--- {module}\\n{traceback.format_exc()}")
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    failed += os.waitpid(child, 0)[1] != 0
sys.exit(failed)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="one process stands for many by forking")
def test_every_module_imports_alone_and_silently(tmp_path):
    each = [module for module in modules() if module not in RUN_BY_OTHERS]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IMPORT_EACH, *each],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("module", modules())
def test_every_module_says_what_belongs_in_it(module):
    source = file_of(module).read_text(encoding="utf-8")
    if file_of(module).name == "__init__.py" and module != "enface":
        assert source == "", "inner __init__.py files are empty"
    else:
        assert ast.get_docstring(ast.parse(source))


def test_the_order_of_the_rooms_holds():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_everything_imported_is_declared():
    asked = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["ray"]]
    declared = {name_of(requirement) for requirement in asked}
    imported = {package for module in modules() for package in top_packages(file_of(module))}
    distributions = importlib.metadata.packages_distributions()
    undeclared = {
        package
        for package in imported
        if not declared & {normal(name) for name in distributions.get(package, [package])}
    }
    assert undeclared == set()


def top_packages(file: Path) -> set[str]:
    own = set(sys.stdlib_module_names) | {"enface", "pipeline", "serving"} | {"pydantic_core"}  # which pydantic pins
    return {name.partition(".")[0] for name in imported_by(file)} - own


def test_every_dependency_is_pinned_exactly():
    lines = [line.split("#")[0].strip() for line in (ROOT / "constraints.txt").read_text().splitlines()]
    pins = [line for line in lines if line]
    loose = [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9_.-]+==[^ ;*]+( ?;.+)?", pin)]
    assert loose == []
    pinned = {normal(pin.partition("==")[0]) for pin in pins}
    asked = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    assert {name_of(requirement) for requirement in asked} - pinned == set()
    assert "torch==2.13.0" in pins


def test_the_registered_model_asks_for_what_it_imports():
    needed = closure("enface.inference.translator").packages - set(sys.stdlib_module_names)
    distributions = importlib.metadata.packages_distributions()
    asked = {normal(name) for name in registry._BUNDLE_PACKAGES}
    names = {package: {normal(name) for name in distributions[package]} for package in needed}
    assert {package for package, found in names.items() if not asked & {n.removesuffix("-gpu") for n in found}} == set()


def name_of(requirement: str) -> str:
    return normal(re.match(r"[A-Za-z0-9_.-]+", requirement).group())


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
