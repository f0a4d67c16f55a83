"""Both dvc.yaml and the stages' modules say the same: verbs, options, settings, paths and all the code that is run."""

import ast
import importlib
import inspect
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from typer.models import OptionInfo

from tests.contract.imports import ROOT, closure, file_of

NO_CODE = ("artifacts/", "sweep/", "params.yaml")
CORPUS = ("${corpus.path}", "${item.corpus.path}")
SCRATCH = "scratch/"
PARAMS = "params.yaml"


@dataclass(frozen=True)
class Stage:
    """A stage of one of the two files; of stages that are made for each run or set, the one that all are made from."""

    verb: str
    cmd: str
    deps: list[str]
    outs: list[str]
    params: dict[str, list[str]]

    @property
    def code(self) -> list[Path]:
        return [ROOT / dep for dep in self.deps if dep not in CORPUS and not dep.startswith(NO_CODE)]

    @property
    def module(self) -> str:
        return f"pipeline.{self.verb}"


def read(path: str) -> dict:
    return yaml.safe_load((ROOT / path).read_text())


def stages(path: str) -> dict[str, Stage]:
    found = {}
    for verb, described in read(path)["stages"].items():
        body = described.get("do", described)
        params: dict[str, list[str]] = {}
        for declared in body.get("params", []):
            params |= declared if isinstance(declared, dict) else {PARAMS: [*params.get(PARAMS, []), declared]}
        found[verb] = Stage(verb, body["cmd"], body["deps"], body["outs"], params)
    return found


DVC = read("dvc.yaml")
SETTINGS = read(PARAMS)
FILES = {"dvc.yaml": stages("dvc.yaml"), "sweep/dvc.yaml": stages("sweep/dvc.yaml")}
STAGES = [pytest.param(stage, id=f"{path}:{verb}") for path, found in FILES.items() for verb, stage in found.items()]
OUTS = [out for found in FILES.values() for stage in found.values() for out in stage.outs]


def covers(dep: Path, file: Path) -> bool:
    return dep == file or dep in file.parents


def test_the_verbs_of_the_stages_are_the_modules_of_pipeline():
    modules = {file.stem for file in (ROOT / "pipeline").glob("*.py")} - {"__init__", "stage"}
    assert {verb for found in FILES.values() for verb in found} == modules


@pytest.mark.parametrize("stage", STAGES)
def test_the_command_is_that_of_the_module(stage):
    assert shlex.split(stage.cmd)[:4] == ["exec", "python", "-m", stage.module]


@pytest.mark.parametrize("verb", FILES["dvc.yaml"].keys() & FILES["sweep/dvc.yaml"].keys())
def test_the_sweep_runs_the_code_of_the_pipeline(verb):
    alone, swept = (found[verb] for found in FILES.values())
    assert alone.code == swept.code
    assert [*alone.params.values()] == [*swept.params.values()]


def test_compiled_files_change_no_stage():
    assert (ROOT / ".dvcignore").read_text().split() == ["__pycache__"]


@pytest.mark.parametrize("stage", STAGES)
def test_the_command_gives_every_option_a_path_and_dvc_knows_the_path(stage):
    arguments = shlex.split(stage.cmd)[4:]
    given = dict(zip(arguments[::2], arguments[1::2], strict=True))
    settings = given.pop("--params", PARAMS)
    main = importlib.import_module(stage.module).main
    assert [f"--{name}" for name in inspect.signature(main).parameters if name != "params"] == list(given)
    known = {*stage.deps, *stage.outs, *CORPUS}
    assert {path for path in given.values() if path not in known and not path.startswith(SCRATCH)} == set()
    assert [*stage.params] == [settings] or settings in stage.deps
    assert set(stage.outs) <= set(given.values())
    assert all(any(lies_together(dep, out) for out in OUTS) for dep in stage.deps if dep.startswith("artifacts/"))


def lies_together(dep: str, out: str) -> bool:
    """Whether the dep is the output, or a folder that holds such outputs of every run."""
    dep, out = (path.replace("${item.set}", "${key}") for path in (dep, out))
    return dep == out or out.startswith(f"{dep}/")


@pytest.mark.parametrize("stage", STAGES)
def test_the_only_default_is_the_settings_file(stage):
    parameters = inspect.signature(importlib.import_module(stage.module).main).parameters
    defaults = {name: p.default for name, p in parameters.items() if p.default is not inspect.Parameter.empty}
    assert defaults == {"params": Path(PARAMS)}
    for parameter in parameters.values():
        (option,) = [part for part in parameter.annotation.__metadata__ if isinstance(part, OptionInfo)]
        assert option.default is ...
        assert option.help, f"{stage.verb} --{parameter.name} has no help"


def test_no_path_of_the_pipeline_stands_in_code():
    roots = tuple(f"{path.split('/')[0]}/" for path in OUTS)
    files = [*ROOT.glob("pipeline/*.py"), *ROOT.glob("src/enface/**/*.py")]
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}: {node.value!r}"
        for file in files
        if "cli" not in file.parts  # which may look where the pipeline writes
        for node in strings(ast.parse(file.read_text()))
        if node.value.startswith((*roots, SCRATCH))
    ]
    assert found == []


def strings(tree: ast.AST) -> list[ast.Constant]:
    """Every string but those that stand alone, which are docstrings."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in alone]
    return [node for node in constants if isinstance(node.value, str)]


@pytest.mark.parametrize("stage", STAGES)
def test_deps_name_all_code_that_the_stage_runs_and_no_other(stage):
    run = {file for file in closure(stage.module).files if file.stat().st_size > 0}  # not the empty __init__s
    missing = {str(file.relative_to(ROOT)) for file in run if not any(covers(dep, file) for dep in stage.code)}
    assert missing == set(), "add them to the stage's deps"
    unneeded = {str(dep.relative_to(ROOT)) for dep in stage.code if not any(covers(dep, file) for file in run)}
    assert unneeded == set(), "the stage does not run them"
    twice = {str(inner.relative_to(ROOT)) for inner in stage.code for outer in stage.code if outer in inner.parents}
    assert twice == set(), "another dep holds them"


@pytest.mark.parametrize("stage", STAGES)
def test_the_stage_depends_on_the_settings_that_it_reads(stage):
    read = set(sections_read(file_of(stage.module)))
    declared = {name for names in stage.params.values() for name in names}
    assert declared <= set(SETTINGS)
    assert declared - {"tracking"} == read - {"tracking"}
    assert declared <= read


def sections_read(file: Path) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    loads = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "load_section"]
    return [ast.literal_eval(call.args[1]) for call in loads]


def test_metrics_and_plots_lie_in_what_the_stages_write():
    plotted = [path for plot in DVC["plots"] for described in plot.values() for path in described["y"]]
    for path in [*DVC["metrics"], *plotted]:
        assert any(path == out or path.startswith(f"{out}/") for out in OUTS), path
