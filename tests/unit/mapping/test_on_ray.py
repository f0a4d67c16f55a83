"""On a local cluster of two workers: the same answers and the same bytes as in this process."""

import os
import shutil
import sys
from functools import partial
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from enface.cli.app import app
from enface.data.prepare import PrepareSection, prepare
from enface.data.prepared import PreparedFolder
from enface.data.readers.builtin import BuiltinReader
from enface.errors import DataError, ParamsError
from enface.inference.options import TranslateOptions
from enface.mapping.chunks import InProcess, open_mapper
from enface.mapping.on_ray import RayMapper
from enface.offline import windows
from enface.offline.run import translate_file
from enface.offline.translating import Task
from enface.params import parse_section
from pipeline import prepare as prepare_stage

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
ray = pytest.importorskip("ray", reason="Ray is an extra: pip install 'enface[ray]'")

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def mapper():
    settings = {"include_dashboard": False, "log_to_driver": False, "logging_level": 40}
    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])  # which workers cannot import
    ray.init(address="local", num_cpus=2, object_store_memory=80 << 20, **settings)
    try:
        with open_mapper("local") as mapper:
            yield mapper
    finally:
        ray.shutdown()


class Breaking:
    """Chunks of which the third cannot be read."""

    def __iter__(self):
        yield from (1, 2)
        raise DataError("corpus:3: broken")


def halving(chunk):
    if chunk % 2:
        raise DataError(f"chunk {chunk}: odd")
    return chunk // 2


def make(function):
    return function


def test_answers_come_in_order(mapper):
    assert list(mapper.map(partial(make, partial(pow, 2)), range(40))) == [2**power for power in range(40)]


def test_errors_are_the_functions_own(mapper):
    with pytest.raises(DataError, match="chunk 3: odd"):
        list(mapper.map(partial(make, halving), [2, 4, 3, 6]))
    with pytest.raises(DataError, match="corpus:3: broken"):
        list(mapper.map(partial(make, partial(pow, 2)), Breaking()))


def test_more_cores_than_any_machine_has_are_refused_and_not_waited_for(mapper):
    told = "^ray: got 3 threads for each worker, but the largest machine of the cluster has 2 cores; ask for no more"
    with open_mapper("local", cores=3) as wide, pytest.raises(ParamsError, match=told):
        list(wide.map(partial(make, partial(pow, 2)), [1]))


def test_a_corpus_is_prepared_to_the_same_bytes(mapper, tmp_path, monkeypatch):
    monkeypatch.setattr("enface.data.prepare._CHUNK_PAIRS", 100)
    monkeypatch.setattr("enface.data.writing._CHUNK_SENTENCES", 150)
    settings = yaml.safe_load(Path("params.yaml").read_text())["prepare"] | {"vocabulary_size": 600}
    section = parse_section(settings, "params.yaml prepare", PrepareSection)
    for name, where in (("here", InProcess()), ("ray", mapper)):
        reader = BuiltinReader("en", "de", seed=1, sizes={"train": 500, "validation": 20, "test": 20})
        prepare(reader, tmp_path / name, title="toy", languages=("en", "de"), settings=section, mapper=where)
    here, there = ({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("here", "ray"))
    assert here == there


def test_a_file_is_translated_to_the_same_bytes_wherever_it_was_begun(mapper, toy_bundle, tmp_path, monkeypatch):
    monkeypatch.setattr(windows, "WINDOW_LINES", 16)
    source = tmp_path / "in.txt"
    source.write_text("".join(f"a {'dog ' * (number % 7)}{number}\n" for number in range(200)) + "x" * 10_001)
    task = Task(toy_bundle, TranslateOptions(), "json", ".gz", "float32", "cpu")

    def run(out, mapper, report=lambda progress: None):
        return translate_file(source, tmp_path / out, task, mapper=mapper, threads=1, restart=False, report=report)

    whole = run("whole.gz", InProcess())

    def stop(progress):
        if progress.reached.lines >= 48:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run("out.gz", InProcess(), stop)
    shutil.copy(tmp_path / "out.gz.part", tmp_path / "begun")
    assert run("out.gz", mapper) == whole
    assert (tmp_path / "out.gz").read_bytes() == (tmp_path / "whole.gz").read_bytes()
    assert (tmp_path / "out.gz").read_bytes().startswith((tmp_path / "begun").read_bytes())
    assert whole.refused == [201]


@pytest.fixture
def maps(mapper, monkeypatch):
    """A list that grows by one whenever something is worked on by Ray."""
    maps, whole = [], RayMapper.map
    monkeypatch.setattr(RayMapper, "map", lambda *given: maps.append(given) or whole(*given))
    return maps


def test_the_command_translates_on_it(maps, toy_bundle, tmp_path):
    (tmp_path / "in.txt").write_text("a dog 4\n\na dog dog 7\n")
    for name, more in (("here", []), ("ray", ["--ray", "local"])):
        files = ["--input", str(tmp_path / "in.txt"), "--output", str(tmp_path / name)]
        ended = CliRunner().invoke(app, ["translate", "--bundle", str(toy_bundle), *files, "--threads", "1", *more])
        assert (ended.exit_code, len(maps)) == (0, 1 if more else 0), ended.output
    assert (tmp_path / "ray").read_bytes() == (tmp_path / "here").read_bytes()


def test_the_stage_prepares_on_it_where_params_yaml_says_so(maps, tmp_path):
    settings = yaml.safe_load(Path("params.yaml").read_text())
    settings["corpus"]["sizes"] = {"train": 300, "validation": 20, "test": 20}
    settings["prepare"] |= {"vocabulary_size": 600, "ray": "local"}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(settings))
    prepare_stage.main(corpus=Path("src/enface/data/grammar"), out=tmp_path / "out", params=tmp_path / "params.yaml")
    assert maps
    assert PreparedFolder(tmp_path / "out").meta.pairs["train"] == 300


def test_an_address_where_no_cluster_answers_is_an_error(mapper, monkeypatch):
    def refused(**_):
        raise ConnectionError("nobody there\nlong story")

    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    monkeypatch.setattr(ray, "init", refused)
    told = "ray: got '10.0.0.1:6379', but no cluster answers there: nobody there$"
    with pytest.raises(ParamsError, match=told), open_mapper("10.0.0.1:6379"):
        pass
