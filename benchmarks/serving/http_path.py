"""What HTTP costs: the same sentences translated by the engine alone, through TorchServe, and through the gateway.

Every round asks all routes in turn with the same sentences, at 1, 8 and 32 clients; what is told of a route is the
median over the rounds. All servers stand the whole time, each idle but in its turn. `added_p50_ms` is the median of
what a route took longer than the engine in the same round, at as many clients.
"""

import contextlib
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serving.clients import Timing
from benchmarks.serving.paths import Route, engine, engine_together, gateway, torchserve
from enface.inference.translator import Translator

CLIENTS = {1: 200, 8: 400, 32: 640}
"""How many requests each number of clients sends in a round."""

Rounds = dict[tuple[str, int], list[Timing]]
"""What was measured of a route, by its name, at a number of clients: a timing for each round."""

MOST = max(CLIENTS)
STARTS = 3
ALONE = ", one at a time"
"""What the routes are called that do not batch."""


@dataclass(frozen=True)
class Row:
    """One route at one number of clients.

    Attributes:
        client_ms: what the clients themselves compute for a request; for the engine, what it computes.
        added_p50_ms: None where the engine was not asked in the same way.
    """

    route: str
    clients: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    sentences_per_s: float
    client_ms: float
    added_p50_ms: float | None


@dataclass(frozen=True)
class Start:
    """How long a gateway took from nothing to ready, each time."""

    route: str
    seconds: list[float]
    median_s: float


@dataclass(frozen=True)
class Batching:
    """What batching gives at the most clients: the ratio of throughputs, the median over the rounds."""

    route: str
    together_per_s: float
    alone_per_s: float
    ratio: float


@dataclass(frozen=True)
class HttpPath:
    """All that was measured."""

    rows: list[Row]
    batching: list[Batching]
    starts: list[Start]


def measure_http_path(bundle: Path, sentences: Sequence[str], *, rounds: int, threads: int) -> HttpPath:
    """The figures of all routes.

    Args:
        bundle: what is served.
        sentences: asked in turn, each round further on.
        rounds: how often everything is measured.
        threads: of each engine; 0: all cores.
    """
    with _routes(bundle, threads) as routes:
        rounds_of: Rounds = {
            (route.name, clients): [] for clients in CLIENTS for route in routes if _takes_part(route, clients)
        }
        for round_ in range(rounds):
            for clients, count in CLIENTS.items():
                texts = _turn(sentences, round_, count + clients)
                for route in routes:
                    if _takes_part(route, clients):
                        rounds_of[route.name, clients].append(route.ask(texts, clients, clients))
    rows = [
        row_of(name, clients, timings, rounds_of["engine", clients]) for (name, clients), timings in rounds_of.items()
    ]
    return HttpPath(rows, batching_of(rounds_of, _options(threads)), _starts(bundle, threads))


def _options(threads: int) -> dict[str, list[str]]:
    shared = ["--threads", str(threads)]
    return {"gateway over TorchServe": shared, "gateway in process": [*shared, "--engine", "inprocess"]}


@contextlib.contextmanager
def _routes(bundle: Path, threads: int) -> Iterator[list[Route]]:
    translator = Translator(bundle, threads=threads)
    with contextlib.ExitStack() as running:
        routes = [engine(translator), engine_together(translator)]
        routes.append(running.enter_context(torchserve(bundle, threads=threads)))
        for name, options in _options(threads).items():
            routes.append(running.enter_context(gateway(name, bundle, options)))
            routes.append(running.enter_context(gateway(name + ALONE, bundle, [*options, "--batch", "1"])))
        yield routes


def _takes_part(route: Route, clients: int) -> bool:
    """Whether that many clients ask the route: those that do not batch are compared at the most clients alone."""
    if route.name.endswith(ALONE):
        return clients == MOST
    return clients > 1 or route.name != "engine, all at once"


def _turn(sentences: Sequence[str], round_: int, count: int) -> list[str]:
    """The next `count` sentences, from the first again behind the last."""
    return [sentences[(round_ * count + place) % len(sentences)] for place in range(count)]


def row_of(name: str, clients: int, timings: list[Timing], direct: list[Timing]) -> Row:
    """The figures of one route at one number of clients; `direct` are the engine's, of the same rounds."""

    def over_rounds(share: float) -> float:
        return round(statistics.median(_quantile_ms(timing, share) for timing in timings), 2)

    added = [_quantile_ms(ours, 0.5) - _quantile_ms(its, 0.5) for ours, its in zip(timings, direct, strict=True)]
    return Row(
        name,
        clients,
        p50_ms=over_rounds(0.5),
        p95_ms=over_rounds(0.95),
        p99_ms=over_rounds(0.99),
        sentences_per_s=round(statistics.median(map(_per_s, timings)), 1),
        client_ms=round(statistics.median(1000 * each.processor_s / len(each.latencies_s) for each in timings), 3),
        added_p50_ms=None if name.startswith("engine") else round(statistics.median(added), 2),
    )


def batching_of(rounds_of: Rounds, names: Iterable[str]) -> list[Batching]:
    """What batching gives each of these routes."""
    found = []
    for name in names:
        together, alone = ([*map(_per_s, rounds_of[each, MOST])] for each in (name, name + ALONE))
        ratio = statistics.median(ours / others for ours, others in zip(together, alone, strict=True))
        each_per_s = round(statistics.median(together), 1), round(statistics.median(alone), 1)
        found.append(Batching(name, each_per_s[0], each_per_s[1], round(ratio, 2)))
    return found


def _starts(bundle: Path, threads: int) -> list[Start]:
    """Each gateway started a few times, with nothing else running."""
    seconds: dict[str, list[float]] = {name: [] for name in _options(threads)}
    for _ in range(STARTS):
        for name, options in _options(threads).items():
            with gateway(name, bundle, options) as route:
                seconds[name].append(round(route.ready_s, 2))
    return [Start(name, taken, statistics.median(taken)) for name, taken in seconds.items()]


def _per_s(timing: Timing) -> float:
    return len(timing.latencies_s) / timing.elapsed_s


def _quantile_ms(timing: Timing, share: float) -> float:
    """The latency that this share of the requests did not exceed."""
    ranked = sorted(timing.latencies_s)
    return 1000 * ranked[min(int(share * len(ranked)), len(ranked) - 1)]
