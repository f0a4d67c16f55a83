"""What the other tools read: the prepared corpus as text cut into our subwords, the vocabulary, and their settings."""

import json
from pathlib import Path
from typing import Any

import yaml

from benchmarks.training.contestants import DROPOUT, LABEL_SMOOTHING, SIZE, TRANSFORMER, Architecture, Tool
from enface.data.prepared import SIDES, TOKENIZER, TRAIN, VALIDATION, EncodedSplit, PreparedFolder

_SPECIALS = 4  # each tool puts its own before the others
_NEVER = 1_000_000  # steps between validations, checkpoints and lines of a log
_BUCKET_PAIRS = 32_768  # an epoch; the default of 262,144 would hold nine, in 1.4 GB, before the first step


class Workspace:
    """A folder with the prepared corpus in it, and what the other tools are given."""

    def __init__(self, folder: Path, *, batch_tokens: int) -> None:
        self.folder, self.batch_tokens = folder, batch_tokens
        self.prepared = PreparedFolder(folder / "prepared")
        self._pieces = _pieces(self.prepared)
        lines = "".join(f"{piece}\n" for piece in self._pieces[_SPECIALS:])
        (folder / "vocabulary.txt").write_text(lines, encoding="utf-8")
        for name in (TRAIN, VALIDATION):
            self._write(name, self.prepared.split(name))

    def settings(self, tool: Tool, architecture: Architecture, run: Path) -> Path:
        """The settings file of a run whose outputs go to the folder `run`."""
        make = self._joeynmt if tool == "joeynmt" else self._opennmt
        path = run / "settings.yaml"
        path.write_text(yaml.safe_dump(make(architecture, run)), encoding="utf-8")
        return path

    def _write(self, name: str, split: EncodedSplit) -> None:
        for side in SIDES:
            ids_of = split.source if side == "source" else split.target
            with (self.folder / f"{name}.{side}").open("w", encoding="utf-8") as file:
                for index in range(len(split)):
                    file.write(" ".join(self._pieces[id_] for id_ in ids_of(index)) + "\n")

    def _joeynmt(self, architecture: Architecture, run: Path) -> dict[str, Any]:
        vocabulary = str(self.folder / "vocabulary.txt")
        side = {"level": "word", "lowercase": False, "voc_file": vocabulary}
        return {
            "name": "benchmark",
            "joeynmt_version": "2.3.0",
            "model_dir": str(run / "model"),
            "use_cuda": False,
            "random_seed": 1,
            "data": {
                "train": str(self.folder / TRAIN),
                "dev": str(self.folder / VALIDATION),
                "dataset_type": "plain",
                "src": {"lang": "source", **side},
                "trg": {"lang": "target", **side},
            },
            "training": {
                "optimizer": "adam",
                "adam_betas": [0.9, 0.98],
                "learning_rate": 0.001,
                "scheduling": "warmupinversesquareroot",
                "learning_rate_warmup": 200,
                "clip_grad_norm": 1.0,
                "normalization": "tokens",
                "label_smoothing": LABEL_SMOOTHING,
                "batch_size": self.batch_tokens,
                "batch_type": "token",
                "epochs": 1000,
                "validation_freq": _NEVER,
                "logging_freq": 100,
            },
            "testing": {"beam_size": 1, "batch_size": 1024, "batch_type": "token", "eval_metrics": ["bleu"]},
            "model": {
                "initializer": "xavier_uniform",
                "tied_embeddings": True,
                "tied_softmax": True,
                **(_joeynmt_transformer() if architecture == "transformer" else _joeynmt_recurrent(architecture)),
            },
        }

    def _opennmt(self, architecture: Architecture, run: Path) -> dict[str, Any]:
        assert architecture == "transformer", architecture
        texts = {
            key: {"path_src": str(self.folder / f"{name}.source"), "path_tgt": str(self.folder / f"{name}.target")}
            for key, name in (("corpus", TRAIN), ("valid", VALIDATION))
        }
        vocabulary = str(self.folder / "vocabulary.txt")
        return {
            "data": texts,
            "src_vocab": vocabulary,
            "tgt_vocab": vocabulary,
            "share_vocab": True,
            "save_model": str(run / "model"),
            "seed": 1,
            "num_workers": 0,
            "bucket_size": _BUCKET_PAIRS,
            "batch_type": "tokens",
            "batch_size": self.batch_tokens,
            "normalization": "tokens",
            "accum_count": [1],
            "optim": "adam",
            "adam_beta2": 0.98,
            "learning_rate": 0.001,
            "max_grad_norm": 1.0,
            "label_smoothing": LABEL_SMOOTHING,
            "train_steps": _NEVER,
            "valid_steps": _NEVER,
            "save_checkpoint_steps": _NEVER,
            "report_every": 100,
            "encoder_type": "transformer",
            "decoder_type": "transformer",
            "enc_layers": TRANSFORMER["encoder_layers"],
            "dec_layers": TRANSFORMER["decoder_layers"],
            "heads": TRANSFORMER["heads"],
            "hidden_size": TRANSFORMER["size"],
            "word_vec_size": TRANSFORMER["size"],
            "transformer_ff": TRANSFORMER["feedforward_size"],
            "dropout": [DROPOUT["transformer"]],
            "attention_dropout": [DROPOUT["transformer"]],
            "position_encoding": True,
            "share_embeddings": True,
            "share_decoder_embeddings": True,
        }


def _pieces(prepared: PreparedFolder) -> list[str]:
    """The subwords by id, as the other tools can read them: no white space in any, no two alike."""
    vocabulary = json.loads((prepared.path / TOKENIZER).read_text(encoding="utf-8"))["model"]["vocab"]
    pieces = [piece.replace(" ", "▁") for piece, _ in sorted(vocabulary.items(), key=lambda entry: entry[1])]
    assert len(set(pieces)) == len(pieces)
    assert all(piece.split() == [piece] for piece in pieces)
    return pieces


def _joeynmt_recurrent(architecture: Architecture) -> dict[str, Any]:
    dropout = DROPOUT[architecture]
    part = {"rnn_type": "gru", "hidden_size": SIZE, "num_layers": 1, "dropout": dropout}
    embeddings = {"embedding_dim": SIZE, "dropout": dropout}
    return {
        "encoder": {**part, "type": "recurrent", "bidirectional": True, "embeddings": embeddings},
        "decoder": {
            **part,
            "type": "recurrent",
            "hidden_dropout": dropout,
            "attention": "bahdanau",
            "init_hidden": "bridge",
            "input_feeding": architecture == "input_feeding",
            "embeddings": embeddings,
        },
    }


def _joeynmt_transformer() -> dict[str, Any]:
    part = {
        "type": "transformer",
        "hidden_size": TRANSFORMER["size"],
        "ff_size": TRANSFORMER["feedforward_size"],
        "num_heads": TRANSFORMER["heads"],
        "dropout": DROPOUT["transformer"],
        "layer_norm": "pre",
        "embeddings": {"embedding_dim": TRANSFORMER["size"], "scale": True, "dropout": DROPOUT["transformer"]},
    }
    return {
        "encoder": {**part, "num_layers": TRANSFORMER["encoder_layers"]},
        "decoder": {**part, "num_layers": TRANSFORMER["decoder_layers"]},
    }
