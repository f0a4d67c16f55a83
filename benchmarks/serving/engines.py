"""The engines side by side: PyTorch, our graph in ONNX Runtime and CTranslate2, on the same weights and sentences.

Every engine stands in processes of its own, as one worker with two threads and as two workers with one thread each, who
share the batches. All take turns, part of the sentences after part, so that whatever else the machine does meets all
alike. Batches are sentences of about one length, the same for all.

CTranslate2 is asked with the same exponent of its length penalty, which is length ^ alpha there and Wu's here: with a
beam a few translations differ for that reason; greedily all should be the same.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peer_environments import make_environment
from benchmarks.serving import ctranslate2_model, peers
from enface.bundle import GRAPHS, open_bundle
from enface.data.tokenizer import EOS, Tokenizer
from enface.model.folder import ARCHITECTURE, WEIGHTS

PYTORCH = "PyTorch"
ROUNDS = 5
LIMIT_S = 20.0  # of one turn of one engine: CTranslate2's int8 with two threads in one worker took minutes
LAYOUTS = ((1, 2), (2, 1))  # workers, threads of each
_KNOWN = ("transformer", "sinusoidal", "global")  # network, positions and self-attention that CTranslate2 has too
TASKS = ((1, 1), (1, 32), (5, 1), (5, 32))  # beam size, batch size

Batches = list[list[list[int]]]
Team = tuple[str, str, tuple[int, int]]  # engine, precision, layout
Worker = subprocess.Popen[str]


@dataclass(frozen=True)
class Figure:
    """How fast an engine translated, in the better of the two layouts."""

    engine: str
    precision: str
    beam_size: int
    batch_size: int
    sentences_per_second: float
    of_pytorch: float  # how many times as fast as PyTorch
    same_as_pytorch: float  # per cent of the sentences with all tokens the same
    layout: str  # the better one: workers x threads
    other_layout: float  # sentences per second in the other
    sentences: int  # all of them, or those done within the limit


@dataclass(frozen=True)
class Candidate:
    """An engine as it is started."""

    engine: str
    precision: str
    kind: str
    settings: dict[str, Any]
    python: str = sys.executable


def compare_engines(bundle: Path, model: Path, sentences: Sequence[str], *, environments: Path) -> Iterator[Figure]:
    """A figure for each engine, precision, beam size and batch size, those of one search as soon as it was measured.

    Args:
        bundle: a bundle with both graphs, or with the float32 one alone.
        model: the folder of the model it was exported from.
        sentences: what is translated.
        environments: where CTranslate2 is installed, or will be. It is left out, and a line on standard error says so,
            where it has no such network.
    """
    encoded = encode(bundle, sentences)
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as running:
        candidates = _ours(bundle, model) + _ctranslate2(bundle, model, environments, Path(scratch))
        teams = {
            (candidate.engine, candidate.precision, layout): [
                running.enter_context(_worker(candidate, threads=layout[1])) for _ in range(layout[0])
            ]
            for candidate in candidates
            for layout in LAYOUTS
        }
        for beam_size, batch_size in TASKS:
            batches = [encoded[start : start + batch_size] for start in range(0, len(encoded), batch_size)]
            yield from _figures(_measure(teams, batches, beam_size=beam_size), beam_size, batch_size)


def encode(bundle: Path, sentences: Sequence[str]) -> list[list[int]]:
    """The sentences' ids with their end, from short to long, so that neighbours make a batch without much padding."""
    tokenizer = Tokenizer.from_file(open_bundle(bundle).tokenizer)
    return sorted(([*encoding.ids, EOS] for encoding in tokenizer.encode_batch(list(sentences))), key=len)


@dataclass
class Tally:
    """What a team did in all its turns."""

    seconds: float
    tokens: dict[int, list[int]]  # by the number of the sentence


def _measure(teams: dict[Team, list[Worker]], batches: Batches, *, beam_size: int) -> dict[Team, Tally]:
    """Every team over all batches, in turn, after a short turn of each that does not count."""
    tallies = {team: Tally(0.0, {}) for team in teams}
    for workers in teams.values():
        _turn(workers, batches[:2], [0, 0], beam_size=beam_size)
    firsts = [sum(map(len, batches[:number])) for number in range(len(batches))]
    for round_ in range(ROUNDS):
        for team, workers in teams.items():
            done = _turn(workers, batches[round_::ROUNDS], firsts[round_::ROUNDS], beam_size=beam_size)
            tallies[team].seconds += done.seconds
            tallies[team].tokens |= done.tokens
    return tallies


def _turn(workers: list[Worker], batches: Batches, firsts: list[int], *, beam_size: int) -> Tally:
    """The workers' turn, all at once, each with its share of the batches; `firsts` number the batches' sentences."""
    shares = [(batches[n :: len(workers)], firsts[n :: len(workers)]) for n in range(len(workers))]
    for worker, (share, _) in zip(workers, shares, strict=True):
        assert worker.stdin
        print(json.dumps({"batches": share, "beam_size": beam_size, "limit_s": LIMIT_S}), file=worker.stdin, flush=True)
    done = Tally(0.0, {})
    for worker, (share, places) in zip(workers, shares, strict=True):
        answer = json.loads(_line(worker))
        numbers = [first + row for first, batch in zip(places, share, strict=True) for row in range(len(batch))]
        done.tokens |= dict(zip(numbers, answer["tokens"], strict=False))
        done.seconds = max(done.seconds, answer["seconds"])
    return done


def _figures(tallies: dict[Team, Tally], beam_size: int, batch_size: int) -> Iterator[Figure]:
    """The better layout of each engine and precision, beside PyTorch's."""
    rates = {team: len(tally.tokens) / tally.seconds for team, tally in tallies.items()}
    yardstick = max(rate for (engine, _, _), rate in rates.items() if engine == PYTORCH)
    expected = tallies[PYTORCH, "float32", LAYOUTS[0]].tokens
    for engine, precision in dict.fromkeys(team[:2] for team in tallies):
        (best_rate, best), (other_rate, _) = sorted(
            ((rates[engine, precision, layout], layout) for layout in LAYOUTS), reverse=True
        )
        found = tallies[engine, precision, best].tokens
        same = [found[number] == expected[number] for number in found.keys() & expected.keys()]
        yield Figure(
            engine=engine,
            precision=precision,
            beam_size=beam_size,
            batch_size=batch_size,
            sentences_per_second=round(best_rate, 1),
            of_pytorch=round(best_rate / yardstick, 2),
            same_as_pytorch=round(100 * sum(same) / max(len(same), 1), 1),
            layout=f"{best[0]}x{best[1]}",
            other_layout=round(other_rate, 1),
            sentences=len(found),
        )


def _ours(bundle: Path, model: Path) -> list[Candidate]:
    """PyTorch, and each graph of the bundle."""
    opened, search = open_bundle(bundle), _search(bundle)
    graphs = [
        Candidate("Enface", precision, "onnx", search | {"graph": str(opened.graph(precision))})
        for precision, name in GRAPHS.items()
        if name in opened.manifest.files
    ]
    return [Candidate(PYTORCH, "float32", "pytorch", search | {"model": str(model)}), *graphs]


def _ctranslate2(bundle: Path, model: Path, environments: Path, scratch: Path) -> list[Candidate]:
    """CTranslate2 in both precisions, its model written to `scratch`; nothing where it has no such network."""
    described = json.loads((model / ARCHITECTURE).read_text(encoding="utf-8"))["model"]
    network, folder = described["transformer"], scratch / "ctranslate2"
    if (described["network"], network["positions"], network["self_attention"]) != _KNOWN:
        print(f"CTranslate2 left out: it has no such network; {', '.join(_KNOWN)} it has", file=sys.stderr)
        return []
    python = str(make_environment(environments, "ctranslate2").absolute())
    command = [python, ctranslate2_model.__file__, str(model / WEIGHTS), str(network["heads"]), str(folder)]
    subprocess.run(command, check=True)
    settings = _search(bundle) | {"folder": str(folder)}
    return [
        Candidate("CTranslate2", precision, "ctranslate2", settings | {"compute_type": precision}, python)
        for precision in ("float32", "int8")
    ]


def _search(bundle: Path) -> dict[str, Any]:
    return open_bundle(bundle).manifest.search.model_dump()


@contextmanager
def _worker(candidate: Candidate, *, threads: int) -> Iterator[Worker]:
    """A process of that engine, ready; it ends with the block."""
    settings = json.dumps(candidate.settings | {"threads": threads})
    command = [candidate.python, "-W", "ignore", peers.__file__, candidate.kind, settings]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert _line(process) == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()


def _line(process: Worker) -> str:
    """The next line that a worker says.

    Raises:
        RuntimeError: it ended instead.
    """
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(
            f"an engine's process ended with {process.wait()}; what it said stands above: {process.args}"
        )
    return line
