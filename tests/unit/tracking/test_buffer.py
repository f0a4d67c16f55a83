"""Metrics that wait."""

from enface.tracking.buffer import MetricBuffer


def test_metrics_are_written_together(monkeypatch):
    batches, now_s = [], [0.0]
    monkeypatch.setattr("enface.tracking.buffer.time.monotonic", lambda: now_s[0])
    buffer = MetricBuffer(lambda batch: batches.append(batch) is None)
    for step in range(4):
        now_s[0] += 1
        buffer.add({"loss": 1.0 / (step + 1)}, step)
    assert batches == []
    now_s[0] += 2
    buffer.add({"loss": 0.1, "rate": 0.5}, 4)
    assert [(name, step) for name, _, _, step in batches[0]] == [("loss", s) for s in range(5)] + [("rate", 4)]
    buffer.flush()
    assert len(batches) == 1


def test_large_batches_are_cut():
    sizes = []
    buffer = MetricBuffer(lambda batch: sizes.append(len(batch)) is None)
    buffer.add({f"m{number}": 0.0 for number in range(1_100)}, 0)
    buffer.flush()
    assert sizes == [500, 500, 100]


def test_what_is_refused_waits_on_up_to_a_bound():
    answers, seen = [False, True, True], []

    def write(batch):
        seen.append(batch)
        return answers.pop(0) if answers else True

    buffer = MetricBuffer(write)
    buffer.add({"loss": 1.0}, 1)
    buffer.flush()
    buffer.add({"loss": 0.5}, 2)
    buffer.flush()
    assert [[step for *_, step in batch] for batch in seen] == [[1], [1, 2]]
    buffer.add({f"m{number}": 0.0 for number in range(30_000)}, 3)
    buffer.flush()
    assert sum(map(len, seen[2:])) == 20_000
