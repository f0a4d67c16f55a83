"""`enface compare`."""

import pytest
import typer
from typer.testing import CliRunner

from enface.cli.compare import compare
from enface.errors import ParamsError
from enface.evaluation.folder import write_findings
from tests.unit.evaluation.made import REFERENCES, findings

app = typer.Typer()
app.command()(compare)


@pytest.fixture
def folders(tmp_path):
    for name, hypotheses in (("a", REFERENCES), ("b", ["Ein Mann", *REFERENCES[1:]])):
        (tmp_path / name).mkdir()
        write_findings(tmp_path / name, findings(hypotheses))
    return [str(tmp_path / "a"), str(tmp_path / "b")]


def test_a_table_and_the_plot_are_shown(folders, tmp_path):
    plot = tmp_path / "plot.png"
    options = ["--names", "additive,[red]none", "--out", str(plot), "--bootstrap-samples", "20"]
    result = CliRunner().invoke(app, [*folders, *options], env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output
    assert "additive" in result.output
    assert "[red]none" in result.output
    assert "100.0" in result.output
    assert "6–8" in result.output
    assert plot.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("names", ["one", "one,one", "one,"])
def test_names_must_fit_the_folders(folders, names):
    result = CliRunner().invoke(app, [*folders, "--names", names])
    assert isinstance(result.exception, ParamsError)
    assert str(result.exception) == f"--names: got '{names}', need 2 different names"
