"""Which of the project's files a module runs, read from the syntax tree: no test, but what several of them ask."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = {"enface": ROOT / "src", "pipeline": ROOT, "serving": ROOT}


@dataclass(frozen=True)
class Closure:
    """The project's files and the other packages that are imported, however deep and also inside functions."""

    files: frozenset[Path]
    packages: frozenset[str]


@cache
def closure(module: str) -> Closure:
    files: set[Path] = set()
    packages: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        file = file_of(name)
        if file is None:
            packages.add(name.partition(".")[0])
        elif file not in files:
            files.add(file)
            waiting += imported_by(file) if file != ROOT / "src/enface/__init__.py" else []
    return Closure(frozenset(files), frozenset(packages))


def file_of(module: str) -> Path | None:
    """A module's file; none for modules that are not the project's."""
    top = PACKAGES.get(module.partition(".")[0])
    if top is None:
        return None
    path = top.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imported_by(file: Path) -> Iterator[str]:
    """The modules that a file imports, at its top or in a function, but for those that only a type checker sees."""
    for node in running_nodes(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (_member(node.module, name.name) for name in node.names)


def running_nodes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from running_nodes(child)


def _member(module: str, name: str) -> str:
    """`module.name` where that is a module of the project, else `module`, whose member it is."""
    if (module, name) == ("enface", "Translator"):  # the one lazy name of enface/__init__.py
        return "enface.inference.translator"
    file = file_of(f"{module}.{name}")
    return f"{module}.{name}" if file is not None and file.exists() else module


def modules() -> list[str]:
    """The names of all modules of the project."""
    found = []
    for package, top in PACKAGES.items():
        for file in (top / package).rglob("*.py"):
            parts = file.relative_to(top).with_suffix("").parts
            found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return sorted(found)
