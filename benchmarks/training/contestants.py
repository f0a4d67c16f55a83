"""Who competes: tool, architecture and number format.

Recurrent: JoeyNMT's decoder steps, then attends with the new state, whatever the score ("bahdanau" is but its name for
the additive one). With a bridge from the encoder, tanh of a layer over [state; context] before the output, and three
tied matrices, it is our `decoder: luong` with `score: additive`, part for part, with input feeding or without; each is
compared with its own counterpart. Our `bahdanau` decoder (attend, then step) has none there and stands alone.

Number format: JoeyNMT and OpenNMT-py have float32 alone on a CPU. Ours is `precision: auto`, as it comes, and float32.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from enface.model.section import ModelSection
from enface.params import changed_settings, parse_section, read_settings

Tool = Literal["enface", "joeynmt", "onmt"]
Architecture = Literal["luong", "input_feeding", "bahdanau", "transformer"]

DROPOUT = {"luong": 0.2, "input_feeding": 0.2, "bahdanau": 0.2, "transformer": 0.3}
SIZE = 256  # of the recurrent network: embeddings, each direction of the encoder, decoder, attention
TRANSFORMER = {"size": 128, "encoder_layers": 4, "decoder_layers": 4, "heads": 4, "feedforward_size": 256}
LABEL_SMOOTHING = 0.1


@dataclass(frozen=True)
class Contestant:
    """A row of the table; `against` is the row of ours that it is held against."""

    name: str
    tool: Tool
    architecture: Architecture
    precision: Literal["auto", "32-true"] = "32-true"
    against: str | None = None
    aim: float | None = None
    """How many times as fast ours should be."""

    def enface_model(self, params: Path) -> ModelSection:
        """The network, as our settings say it."""
        changes = {
            "network": "transformer" if self.architecture == "transformer" else "recurrent",
            "recurrent": _recurrent(self.architecture),
            "transformer": {**TRANSFORMER, "self_attention": "global", "dropout": DROPOUT["transformer"]},
        }
        values = changed_settings(read_settings(params)["model"], changes, "the benchmark's model")
        return parse_section(values, "the benchmark's model", ModelSection)


CONTESTANTS = [
    Contestant("enface luong", "enface", "luong", "auto"),
    Contestant("enface luong float32", "enface", "luong", against="enface luong"),
    Contestant("joeynmt rnn", "joeynmt", "luong", against="enface luong", aim=2.5),
    Contestant("enface input feeding", "enface", "input_feeding", "auto"),
    Contestant("joeynmt rnn input feeding", "joeynmt", "input_feeding", against="enface input feeding", aim=2.5),
    Contestant("enface bahdanau", "enface", "bahdanau", "auto", against="enface luong"),
    Contestant("enface transformer", "enface", "transformer", "auto"),
    Contestant("enface transformer float32", "enface", "transformer", against="enface transformer"),
    Contestant("joeynmt transformer", "joeynmt", "transformer", against="enface transformer", aim=2.3),
    Contestant("onmt transformer", "onmt", "transformer", against="enface transformer", aim=1.2),
]


def loaders(contestants: Sequence[Contestant]) -> list[Contestant]:
    """One of each tool: all of a tool's make their batches in the same way."""
    return list({contestant.tool: contestant for contestant in contestants}.values())


def _recurrent(architecture: Architecture) -> dict[str, Any]:
    return {
        "cell": "gru",
        "embedding_size": SIZE,
        "encoder_size": SIZE,
        "encoder_layers": 1,
        "encoder_self_attention": "none",
        "decoder": "bahdanau" if architecture == "bahdanau" else "luong",
        "decoder_size": SIZE,
        "input_feeding": architecture == "input_feeding",
        "attention": {"score": "additive", "window": "global", "selection": "soft", "size": SIZE},
        "dropout": DROPOUT["luong"],
    }
