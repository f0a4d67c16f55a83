"""Our Transformer as a model of CTranslate2, number by number: `python ctranslate2_model.py WEIGHTS HEADS OUT`.

Run as a file in an environment with ctranslate2 and safetensors and nothing of ours. CTranslate2 has the same network:
normalisation before each part, ReLU, embeddings times the root of their size, one matrix for words of both sides and
of the output. Positions are written out, since ours stand sine beside cosine. Its tokens are the ids as text.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

_SIDES = ("encoder", "decoder")
_POSITIONS = 1_024
_SPECIAL = {"unk_token": "3", "bos_token": "1", "eos_token": "2"}
_EPSILON = 1e-5  # of PyTorch's LayerNorm


def convert(weights: Path, heads: int, out: Path) -> None:
    """Writes CTranslate2's folder `out` from our safetensors."""
    from ctranslate2.specs import transformer_spec
    from safetensors.numpy import load_file

    parts = load_file(weights)
    layers = [
        1 + max(int(name.split(".")[2]) for name in parts if name.startswith(f"{side}.layers.")) for side in _SIDES
    ]
    spec = transformer_spec.TransformerSpec.from_config(tuple(layers), heads, pre_norm=True)
    embedding = parts["embedding.weight"]
    for side in _SIDES:
        _fill_side(getattr(spec, side), parts, side)
    spec.decoder.projection.weight, spec.decoder.projection.bias = embedding, parts["output_bias"]
    for name, token in _SPECIAL.items():
        setattr(spec.config, name, token)
    spec.config.decoder_start_token, spec.config.layer_norm_epsilon = _SPECIAL["bos_token"], _EPSILON
    tokens = [str(token) for token in range(len(embedding))]
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.validate()
    out.mkdir(parents=True)
    spec.save(str(out))


def _fill_side(spec: Any, parts: dict[str, np.ndarray], side: str) -> None:
    embeddings = spec.embeddings[0] if isinstance(spec.embeddings, list) else spec.embeddings
    embeddings.weight = parts["embedding.weight"]
    spec.scale_embeddings = True
    spec.position_encodings.encodings = _positions(embeddings.weight.shape[1])
    _fill_norm(spec.layer_norm, parts, f"{side}.norm")
    for number, layer in enumerate(spec.layer):
        name = f"{side}.layers.{number}"
        if side == "encoder":
            norm = f"{name}.attention_norm"
            _fill_attention(layer.self_attention, parts, f"{name}.attention", norm=norm, itself=True)
        else:
            norms = f"{name}.self_norm", f"{name}.source_norm"
            _fill_attention(layer.self_attention, parts, f"{name}.self_attention", norm=norms[0], itself=True)
            _fill_attention(layer.attention, parts, f"{name}.source_attention", norm=norms[1], itself=False)
        _fill_norm(layer.ffn.layer_norm, parts, f"{name}.feedforward.norm")
        _fill_linear(layer.ffn.linear_0, parts, f"{name}.feedforward.wide")
        _fill_linear(layer.ffn.linear_1, parts, f"{name}.feedforward.narrow")


def _fill_attention(spec: Any, parts: dict[str, np.ndarray], name: str, *, norm: str, itself: bool) -> None:
    """Queries, keys and values are one product where a sequence attends to itself, and two where to a source."""
    _fill_norm(spec.layer_norm, parts, norm)
    query, key_value = f"{name}.query", f"{name}.key_value"
    if itself:
        _fill_linear(spec.linear[0], parts, query, key_value)
    else:
        _fill_linear(spec.linear[0], parts, query)
        _fill_linear(spec.linear[1], parts, key_value)
    _fill_linear(spec.linear[-1], parts, f"{name}.output")


def _fill_linear(spec: Any, parts: dict[str, np.ndarray], *names: str) -> None:
    spec.weight = np.concatenate([parts[f"{name}.weight"] for name in names])
    spec.bias = np.concatenate([parts[f"{name}.bias"] for name in names])


def _fill_norm(spec: Any, parts: dict[str, np.ndarray], name: str) -> None:
    spec.gamma, spec.beta = parts[f"{name}.weight"], parts[f"{name}.bias"]


def _positions(size: int) -> np.ndarray:
    """Vaswani et al. 2017, section 3.5, as `enface.model.positions` has it: sine, cosine, sine, cosine."""
    frequencies = np.exp(np.arange(0, size, 2) * (-np.log(10_000.0) / size))
    angles = np.arange(_POSITIONS)[:, None] * frequencies
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(_POSITIONS, size).astype(np.float32)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
