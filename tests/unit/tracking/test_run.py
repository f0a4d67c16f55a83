"""A run: what is written, how it ends, and that a failure of it fails nothing else."""

import math
import time
from types import SimpleNamespace

import pytest
from matplotlib.figure import Figure
from mlflow.tracking import MlflowClient

from enface.bundle import Bundle
from enface.tracking.run import MODEL_TAG, Run, continue_run, start_run

SHA = "a" * 64


def small_figure():
    figure = Figure(figsize=(1, 1))
    figure.subplots().imshow([[0, 1], [1, 0]])
    return figure


def test_everything_that_a_stage_logs_is_in_the_store(section, client, tmp_path):
    (tmp_path / "report.html").write_text("<p>yes")
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "1.png").write_bytes(b"png")
    with start_run(section, resume_id=None) as run:
        run.log_params({"train": {"batch_tokens": 4096, "model": {"cell": "gru"}}, "seed": 1})
        run.log_metrics({"loss": 2.5, "validation/bleu": 10}, 1)
        run.log_metrics({"loss": 1.5, "chrF++ (odd name)": math.nan}, 2)
        run.log_metrics({"test/bleu": 93.5})
        run.log_figure(small_figure(), "attention/one.png")
        run.log_figure(small_figure(), "attention/one", step=3)
        run.log_file(tmp_path / "report.html", "evaluate")
        run.log_file(tmp_path / "maps", "evaluate/maps")
        run.log_text("a dog", "sentences.txt")
        run.set_tags({MODEL_TAG: SHA, "corpus": "builtin"})
    found = client.get_run(run.run_id)
    assert found.info.status == "FINISHED"
    assert found.data.params == {"train.batch_tokens": "4096", "train.model.cell": "gru", "seed": "1"}
    assert found.data.metrics["loss"] == 1.5
    assert [metric.step for metric in client.get_metric_history(run.run_id, "loss")] == [1, 2]
    assert math.isnan(found.data.metrics["chrF__ _odd name_"])
    assert found.data.tags[MODEL_TAG] == SHA
    assert files(client, run.run_id) >= {
        "attention/one.png",
        "evaluate/report.html",
        "evaluate/maps/1.png",
        "sentences.txt",
    }
    assert any(name.startswith("images/attention~one+step+3") for name in files(client, run.run_id))


def files(client, run_id, folder=None):
    found = set()
    for entry in client.list_artifacts(run_id, folder):
        found |= files(client, run_id, entry.path) if entry.is_dir else {entry.path}
    return found


def test_a_run_has_the_name_that_was_set(section, client):
    with start_run(section.model_copy(update={"run_name": "multi30k-none"}), resume_id=None) as run:
        pass
    with start_run(section, resume_id=None) as other:
        pass
    assert client.get_run(run.run_id).info.run_name == "multi30k-none"
    assert client.get_run(other.run_id).info.run_name


def test_training_that_goes_on_keeps_its_run(section, client):
    first = start_run(section, resume_id=None)
    first.log_metrics({"loss": 2.0}, 1)
    with pytest.raises(KeyboardInterrupt), first:
        raise KeyboardInterrupt
    assert client.get_run(first.run_id).info.status == "KILLED"
    assert client.get_metric_history(first.run_id, "loss")[0].value == 2.0
    with start_run(section, resume_id=first.run_id) as second:
        assert client.get_run(first.run_id).info.status == "RUNNING"
    assert second.run_id == first.run_id
    with start_run(section, resume_id="f" * 32) as third:
        assert third.run_id not in (None, first.run_id)


def test_later_stages_continue_the_run_of_their_model(section, client):
    with start_run(section, resume_id=None) as trained:
        trained.set_tags({MODEL_TAG: SHA})
    with pytest.raises(ValueError, match="parity"), continue_run(section, model_sha256=SHA) as exported:
        raise ValueError("parity")
    assert exported.run_id == trained.run_id
    assert client.get_run(trained.run_id).info.status == "FAILED"
    with continue_run(section, model_sha256=SHA) as again:
        again.log_metrics({"test/bleu": 90.0})
    assert client.get_run(trained.run_id).info.status == "FINISHED"
    with continue_run(section, model_sha256="b" * 64) as other:
        pass
    assert other.run_id != trained.run_id
    assert client.get_run(other.run_id).data.tags[MODEL_TAG] == "b" * 64


def test_a_parameter_keeps_its_first_value_and_the_next_becomes_a_tag(section, client, caplog):
    with start_run(section, resume_id=None) as run:
        run.log_params({"evaluate": {"beam_size": 4, "seed": 1}})
    with start_run(section, resume_id=run.run_id) as again:
        again.log_params({"evaluate": {"beam_size": 8, "seed": 1, "new": "x" * 7_000}})
        again.log_params({"evaluate": {"beam_size": 8}})
    data = client.get_run(run.run_id).data
    assert data.params == {"evaluate.beam_size": "4", "evaluate.seed": "1", "evaluate.new": "x" * 6_000}
    assert data.tags["changed.evaluate.beam_size"] == "8"
    assert caplog.text == ""


def test_more_parameters_than_one_request_takes(section, client):
    with start_run(section, resume_id=None) as run:
        run.log_params({f"p{number}": number for number in range(250)})
    assert len(client.get_run(run.run_id).data.params) == 250


def test_switched_off_a_run_does_nothing(section, tmp_path, caplog):
    (tmp_path / "mlflow.db").unlink()
    off = section.model_copy(update={"enabled": False})
    for run in (start_run(off, resume_id=None), continue_run(off, model_sha256=SHA)):
        use(run, tmp_path)
    assert run.run_id is None
    assert list(tmp_path.iterdir()) == []
    assert caplog.text == ""


@pytest.mark.parametrize("rank", ["RANK", "LOCAL_RANK", "NODE_RANK", "SLURM_PROCID"])
def test_of_several_training_processes_only_the_first_has_a_run(section, monkeypatch, rank):
    monkeypatch.setenv(rank, "1")
    assert start_run(section, resume_id=None).run_id is None


def use(run: Run, tmp_path):
    with run:
        run.log_params({"seed": 1})
        run.log_metrics({"loss": 1.0}, 1)
        run.log_figure(small_figure(), "one.png")
        run.log_figure(small_figure(), "one", step=1)
        run.log_file(tmp_path / "missing")
        run.log_text("text", "one.txt")
        run.set_tags({"corpus": "builtin"})
        assert run.register(Bundle(tmp_path, None), model_code=tmp_path / "model.py") is None


def test_a_store_that_cannot_be_opened_is_one_warning(section, tmp_path, caplog):
    (tmp_path / "mlflow.db").write_text("no database at all, but a text that is long enough to be taken for one")
    use(start_run(section, resume_id=None), tmp_path)
    assert len(caplog.records) == 1
    assert caplog.messages[0].startswith(f"Tracking is off for this stage, as sqlite:///{tmp_path}/mlflow.db cannot be")
    assert "file is not a database" in caplog.messages[0]


def test_a_server_that_does_not_answer_costs_seconds_and_shows_no_password(section, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    start_s = time.monotonic()
    run = start_run(section.model_copy(update={"uri": "http://me:secret@127.0.0.1:9"}), resume_id=None)
    use(run, tmp_path)
    assert time.monotonic() - start_s < 10
    assert run.run_id is None
    assert "as http://127.0.0.1:9 cannot be opened: " in caplog.text
    assert "secret" not in caplog.text


def test_failures_are_told_once_a_kind_and_fail_nothing(section, tmp_path, monkeypatch, caplog):
    run = start_run(section, resume_id=None)

    def fail(*_, **__):
        raise OSError("No space left on device")

    for name in ("log_batch", "log_artifact", "log_figure", "log_image", "log_text", "set_terminated"):
        monkeypatch.setattr(MlflowClient, name, fail)
    use(run, tmp_path)
    use(run, tmp_path)
    reason = "OSError: No space left on device"
    tried = ["log parameters", "log a figure", "log a file", "log a text", "set tags", "log metrics", "end the run"]
    for what in tried:
        expected = f"Tracking could not {what}, and the stage goes on without: {reason}"
        assert caplog.messages.count(expected) == 1, what
    assert any(message.startswith("Tracking could not register the model") for message in caplog.messages)
    assert len(caplog.messages) == len(tried) + 1


def test_metrics_that_could_not_be_written_are_written_later(section, client, monkeypatch):
    with start_run(section, resume_id=None) as run:
        run.log_metrics({"loss": 1.0}, 1)
        with monkeypatch.context() as patch:
            patch.setattr(MlflowClient, "log_batch", lambda *_, **__: 1 / 0)
            run._buffer.flush()
        run.log_metrics({"loss": 0.5}, 2)
    assert [metric.value for metric in client.get_metric_history(run.run_id, "loss")] == [1.0, 0.5]


def test_a_metric_that_the_store_never_takes_keeps_no_other_from_it(section, client, caplog):
    with start_run(section, resume_id=None) as run:
        for step in range(3):
            run.log_metrics({"good": 1.0, "./bad": 2.0}, step)
    assert [each.step for each in client.get_metric_history(run.run_id, "good")] == [0, 1, 2]
    assert ["Tracking could not log the metric './bad'" in message for message in caplog.messages] == [True]


def test_after_a_slow_failure_nothing_is_tried_for_a_minute(section, monkeypatch):
    now_s, tries = [1_000.0], []
    monkeypatch.setattr("enface.tracking.run.time", SimpleNamespace(monotonic=lambda: now_s[0]))

    def hang(*_, **__):
        tries.append(now_s[0])
        now_s[0] += 30
        raise TimeoutError

    run = start_run(section, resume_id=None)
    monkeypatch.setattr(MlflowClient, "log_text", hang)
    for _ in range(10):
        run.log_text("text", "one.txt")
        now_s[0] += 10
    assert tries == [1_000.0, 1_090.0]


def test_lightning_writes_into_the_run(section, client, tmp_path):
    from argparse import Namespace

    with start_run(section, resume_id=None) as run:
        lightning = run.lightning_logger()
        lightning.log_hyperparams(Namespace(seed=1))
        lightning.log_hyperparams({"model": {"cell": "gru"}})
        lightning.log_metrics({"loss": 1.0, "epoch": 0}, step=7)
        lightning.save()
        lightning.finalize("success")
        assert (lightning.name, lightning.version) == ("mlflow", run.run_id)
        assert client.get_run(run.run_id).info.status == "RUNNING"
    data = client.get_run(run.run_id).data
    assert data.params == {"seed": "1", "model.cell": "gru"}
    assert client.get_metric_history(run.run_id, "loss")[0].step == 7
    assert start_run(section.model_copy(update={"enabled": False}), resume_id=None).lightning_logger() is None


def test_a_step_of_training_costs_next_to_nothing(section):
    with start_run(section, resume_id=None) as run:
        start_s = time.perf_counter()
        for step in range(1_000):
            run.log_metrics({"loss": 1.0, "rate": 0.1, "tokens_per_second": 9.0}, step)
        assert time.perf_counter() - start_s < 1.0
