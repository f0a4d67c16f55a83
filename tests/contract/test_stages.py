"""dvc.yaml and the stages' modules say the same: verbs, options, settings, paths and all the code that is run."""

import ast
import importlib
import inspect
import shlex
from pathlib import Path

import pytest
import yaml
from typer.models import OptionInfo

from tests.contract.imports import ROOT, closure, file_of

DVC = yaml.safe_load((ROOT / "dvc.yaml").read_text())
PARAMS = yaml.safe_load((ROOT / "params.yaml").read_text())
STAGES = DVC["stages"]
CORPUS = "${corpus.path}"
SCRATCH = "scratch/"


def code(stage: str) -> list[Path]:
    return [ROOT / dep for dep in STAGES[stage]["deps"] if dep != CORPUS and not dep.startswith("artifacts/")]


def covers(dep: Path, file: Path) -> bool:
    return dep == file or dep in file.parents


def test_the_verbs_of_dvc_yaml_are_the_modules_of_pipeline():
    modules = {file.stem for file in (ROOT / "pipeline").glob("*.py")} - {"__init__", "stage"}
    assert set(STAGES) == modules
    for stage, described in STAGES.items():
        assert shlex.split(described["cmd"])[:4] == ["exec", "python", "-m", f"pipeline.{stage}"]


def test_compiled_files_change_no_stage():
    assert (ROOT / ".dvcignore").read_text().split() == ["__pycache__"]


@pytest.mark.parametrize("stage", STAGES)
def test_the_command_gives_every_option_a_path_and_dvc_knows_the_path(stage):
    arguments = shlex.split(STAGES[stage]["cmd"])[4:]
    given = dict(zip(arguments[::2], arguments[1::2], strict=True))
    main = importlib.import_module(f"pipeline.{stage}").main
    assert [f"--{name}" for name in inspect.signature(main).parameters if name != "params"] == list(given)
    known = {*STAGES[stage]["deps"], *STAGES[stage]["outs"]}
    assert {path for path in given.values() if path not in known and not path.startswith(SCRATCH)} == set()
    assert set(STAGES[stage]["outs"]) <= set(given.values())
    written = {path for other in STAGES.values() for path in other["outs"]}
    assert {dep for dep in STAGES[stage]["deps"] if dep.startswith("artifacts/")} <= written


@pytest.mark.parametrize("stage", STAGES)
def test_the_only_default_is_the_settings_file(stage):
    main = importlib.import_module(f"pipeline.{stage}").main
    parameters = inspect.signature(main).parameters
    defaults = {name: p.default for name, p in parameters.items() if p.default is not inspect.Parameter.empty}
    assert defaults == {"params": Path("params.yaml")}
    for parameter in parameters.values():
        (option,) = [part for part in parameter.annotation.__metadata__ if isinstance(part, OptionInfo)]
        assert option.default is ...
        assert option.help, f"{stage} --{parameter.name} has no help"


def test_no_path_of_the_pipeline_stands_in_code():
    roots = tuple(f"{path.split('/')[0]}/" for stage in STAGES.values() for path in stage["outs"])
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
    run = {file for file in closure(f"pipeline.{stage}").files if file.stat().st_size > 0}  # not the empty __init__s
    missing = {str(file.relative_to(ROOT)) for file in run if not any(covers(dep, file) for dep in code(stage))}
    assert missing == set(), "add them to the stage's deps"
    unneeded = {str(dep.relative_to(ROOT)) for dep in code(stage) if not any(covers(dep, file) for file in run)}
    assert unneeded == set(), "the stage does not run them"
    twice = {str(inner.relative_to(ROOT)) for inner in code(stage) for outer in code(stage) if outer in inner.parents}
    assert twice == set(), "another dep holds them"


@pytest.mark.parametrize("stage", STAGES)
def test_the_stage_depends_on_the_settings_that_it_reads(stage):
    read = set(sections_read(file_of(f"pipeline.{stage}")))
    declared = set(STAGES[stage]["params"])
    assert declared <= set(PARAMS)
    assert declared - {"tracking"} == read - {"tracking"}
    assert declared <= read


def sections_read(file: Path) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    loads = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "load_section"]
    return [ast.literal_eval(call.args[1]) for call in loads]


def test_metrics_and_plots_lie_in_what_the_stages_write():
    outs = [path for stage in STAGES.values() for path in stage["outs"]]
    plotted = [path for plot in DVC["plots"] for described in plot.values() for path in described["y"]]
    for path in [*DVC["metrics"], *plotted]:
        assert any(path == out or path.startswith(f"{out}/") for out in outs), path
