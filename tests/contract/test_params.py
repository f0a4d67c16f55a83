"""params.yaml fits the classes of its sections, and each of its values is used."""

import ast
import importlib
import re

import pytest
import yaml
from pydantic import BaseModel

from enface.params import Section, load_section
from tests.contract.imports import ROOT, file_of, modules, running_nodes

FILE = ROOT / "params.yaml"
PARAMS = yaml.safe_load(FILE.read_text())
TREES = {module: ast.parse(file_of(module).read_text(encoding="utf-8")) for module in modules()}


def loads() -> dict[str, set[type[Section]]]:
    """Section -> the classes that it is read as, anywhere in the code."""
    found: dict[str, set[type[Section]]] = {}
    for module, tree in TREES.items():
        for node in running_nodes(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "load_section":
                _, name, section = node.args
                if isinstance(name, ast.Constant):
                    found.setdefault(name.value, set()).add(named(module, section.id))
    return found


def named(module: str, name: str) -> type[Section]:
    """What `name` means in `module`, imported at its top or inside a function."""
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.ImportFrom) and node.module and name in [alias.name for alias in node.names]:
            module = node.module
    found: type[Section] = getattr(importlib.import_module(module), name)
    return found


def test_every_section_is_read_as_one_class_and_every_class_has_its_section():
    read = loads()
    assert read.keys() == PARAMS.keys()
    assert {name: len(classes) for name, classes in read.items() if len(classes) != 1} == {}


@pytest.mark.parametrize("name", PARAMS)
def test_the_section_loads(name):
    (section,) = loads()[name]
    assert load_section(FILE, name, section).model_dump().keys() == PARAMS[name].keys()


def test_every_value_is_used():
    used = {node.attr for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    templates = set(re.findall(r"\$\{([\w.]+)\}", (ROOT / "dvc.yaml").read_text()))
    settings = [f"{name}.{field}" for name, classes in loads().items() for cls in classes for field in fields(cls)]
    assert [name for name in settings if name.rpartition(".")[2] not in used and name not in templates] == []


def fields(section: type[BaseModel], prefix: str = "") -> list[str]:
    found = []
    for name, field in section.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found += fields(inner, f"{prefix}{name}.")
        else:
            found.append(f"{prefix}{name}")
    return found


def test_no_section_stands_twice():
    """YAML itself would keep the second and say nothing."""
    sections = re.findall(r"^(\w+):", FILE.read_text(), flags=re.MULTILINE)
    assert len(sections) == len(set(sections))
