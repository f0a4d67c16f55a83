"""From the runs to a table: medians, ratios within a round, fractions of the machine's rate, and the aims."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.training.contestants import Contestant
from benchmarks.training.machine_rate import MachineRate

PADDING_AIM, LOADING_AIM = 5.0, 3.0  # percent of the cells, and of the step


@dataclass(frozen=True)
class Run:
    """One training of one contestant, its warm-up left out."""

    parameters: int
    steps: int
    target_tokens_per_second: float
    padding_percent: float
    waiting_percent: float
    peak_memory_mib: float

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> "Run":
        """From the lines of a trace."""
        steps = [row for row in rows if row.get("counted")]
        waited, worked = (sum(step[name] for step in steps) for name in ("waited_s", "worked_s"))
        tokens = sum(step["source_tokens"] + step["target_tokens"] for step in steps)
        cells = sum(step["source_cells"] + step["target_cells"] for step in steps)
        return cls(
            parameters=rows[0]["parameters"],
            steps=len(steps),
            target_tokens_per_second=sum(step["target_tokens"] for step in steps) / (waited + worked),
            padding_percent=100 * (1 - tokens / cells),
            waiting_percent=100 * waited / (waited + worked),
            peak_memory_mib=rows[-1]["peak_mib"],
        )


def to_report(
    contestants: Sequence[Contestant],
    runs: Mapping[str, Sequence[Run]],
    *,
    rates: Sequence[MachineRate],
    operations: Mapping[str, float],
) -> dict[str, Any]:
    """The machine's rates and one row for each contestant."""
    machine = {name: round(statistics.median(getattr(rate, name) for rate in rates), 1) for name in MachineRate._fields}
    rows = [_row(contestant, runs, machine, operations[contestant.name]) for contestant in contestants]
    return {"matrix_products_gflops": machine, "contestants": rows}


def to_loading(contestants: Sequence[Contestant], runs: Mapping[str, Sequence[Run]]) -> list[dict[str, Any]]:
    """A row for each tool whose batches were made alone; ours comes first where it is there."""
    tools = {contestant.name: contestant.tool for contestant in contestants}
    ours = next((runs[name] for name in runs if tools[name] == "enface"), None)
    return [
        {
            "tool": tools[name],
            "target_tokens_per_second": round(_median(own, "target_tokens_per_second")),
            "ours_is_times_as_fast": _times(ours, own) if ours and own is not ours else None,
            "peak_memory_mib": round(_median(own, "peak_memory_mib")),
            "padding_percent": round(_median(own, "padding_percent"), 1),
        }
        for name, own in runs.items()
    ]


def print_report(report: Mapping[str, Any]) -> None:
    """The table, and whether the aims were reached."""
    widths = {"tokens/s": 9, "MiB": 7, "padding %": 10, "waiting %": 10, "of float32 %": 13, "of bf16 %": 10}
    print("\n" + " " * 28 + "".join(f"{name:>{width}}" for name, width in widths.items()) + "  ours is")
    for row in report["contestants"]:
        ratio = f"{row['ours_is_times_as_fast']:.2f} x" if row["ours_is_times_as_fast"] else ""
        print(
            f"{row['name']:28}{row['target_tokens_per_second']:>9}{row['peak_memory_mib']:>7}"
            f"{row['padding_percent']:>10}{row['waiting_for_data_percent']:>10}"
            f"{row['of_float32_rate_percent']:>13}{row['of_bfloat16_rate_percent']:>10}  {ratio}"
        )
    for row in report["loading_alone"]:
        ratio = f"{row['ours_is_times_as_fast']:.2f} x" if row["ours_is_times_as_fast"] else ""
        print(
            f"{row['tool'] + ', loading alone':28}{row['target_tokens_per_second']:>9}{row['peak_memory_mib']:>7}"
            f"{row['padding_percent']:>10}{'':33}  {ratio}"
        )
    for line in _aims(report):
        print(line)


def _row(
    contestant: Contestant, runs: Mapping[str, Sequence[Run]], machine: Mapping[str, float], operations: float
) -> dict[str, Any]:
    own = runs[contestant.name]
    speed = _median(own, "target_tokens_per_second")
    gflops = speed * operations / 1e9
    return {
        "name": contestant.name,
        "tool": contestant.tool,
        "architecture": contestant.architecture,
        "precision": contestant.precision,
        "parameters": own[0].parameters,
        "target_tokens_per_second": round(speed),
        "all_rounds": [round(run.target_tokens_per_second) for run in own],
        "steps_counted": own[0].steps,
        "peak_memory_mib": round(_median(own, "peak_memory_mib")),
        "padding_percent": round(_median(own, "padding_percent"), 1),
        "waiting_for_data_percent": round(_median(own, "waiting_percent"), 2),
        "megaflops_per_token": round(operations / 1e6, 2),
        "of_float32_rate_percent": round(100 * gflops / machine["float32"], 1),
        "of_bfloat16_rate_percent": round(100 * gflops / machine["bfloat16"], 1),
        "against": contestant.against,
        "ours_is_times_as_fast": _ratio(runs, contestant),
        "aim": contestant.aim,
    }


def _ratio(runs: Mapping[str, Sequence[Run]], contestant: Contestant) -> float | None:
    """The median over the rounds of our speed by this one's; none for a row of ours that others are held against."""
    ours = runs.get(contestant.against or "")
    if not ours:
        return None
    return _times(ours, runs[contestant.name])


def _times(ours: Sequence[Run], theirs: Sequence[Run]) -> float:
    """How many times as fast ours is, the median over the rounds."""
    pairs = zip(ours, theirs, strict=True)
    return round(statistics.median(a.target_tokens_per_second / b.target_tokens_per_second for a, b in pairs), 2)


def _median(runs: Sequence[Run], name: str) -> float:
    return float(statistics.median(getattr(run, name) for run in runs))


def _aims(report: Mapping[str, Any]) -> list[str]:
    lines = []
    for row in report["contestants"]:
        if row["aim"] and row["ours_is_times_as_fast"]:
            lines.append(_aim(f"times as fast as {row['name']}", row["ours_is_times_as_fast"], row["aim"], least=True))
    ours = [row for row in report["contestants"] if row["tool"] == "enface"]
    for name, aim in (("padding_percent", PADDING_AIM), ("waiting_for_data_percent", LOADING_AIM)):
        if ours:
            lines.append(_aim(f"{name}, the worst of ours", max(row[name] for row in ours), aim, least=False))
    preparing = report["preparing"]
    lines.append(_aim("prepare, as times the speed of the tokenizer alone", preparing["ratio"], 1.0, least=True))
    lines.append(
        f"prepare {preparing['prepare_pairs_per_second']} pairs/s, the tokenizer alone "
        f"{preparing['tokenizer_pairs_per_second']}"
    )
    return lines


def _aim(what: str, found: float, aim: float, *, least: bool) -> str:
    reached = found >= aim if least else found <= aim
    return f"{'reached' if reached else 'MISSED '}  {what}: {found}, aim {'at least' if least else 'at most'} {aim}"
