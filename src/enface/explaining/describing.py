"""A model in a line of words, to stand over what it does."""

from enface.model.section import ModelSection, RecurrentSection, TransformerSection

# A name that is none of these stands for itself.
_SCORES = {
    "additive": "additive score (Bahdanau)",
    "dot": "dot score",
    "general": "general score (Luong)",
    "concat": "concat score (Luong)",
    "scaled_dot": "scaled dot score",
}
_WINDOWS = {
    "global": "global",
    "local_monotonic": "local, monotonic",
    "local_predictive": "local, predictive",
}
_SHIFTED = " · its word alignments read the row of the step after a word's own"
_SELECTIONS = {"soft": "soft", "gumbel": "hard (Gumbel)", "reinforce": "hard (REINFORCE)"}


def described(section: ModelSection, *, shifted: bool = False) -> tuple[str, str]:
    """What the model's attention is, and what the network around it is.

    Args:
        section: what the model was made from.
        shifted: the word alignment reads a word's weights one step late; the steps themselves show what each looked at.
    """
    match section.network:
        case "recurrent":
            attention, network = _attention_of(section.recurrent), _recurrent(section.recurrent)
        case "transformer":
            attention, network = _heads_of(section.transformer), _transformer(section.transformer)
    return attention + (_SHIFTED if shifted else ""), network


def _attention_of(section: RecurrentSection) -> str:
    attention = section.attention
    if attention.score == "none":
        return "no attention: every step is given the encoder's last state"
    window = _WINDOWS.get(attention.window, attention.window)
    if attention.window != "global":
        window += f", D\u00a0=\u00a0{attention.window_radius}"
    score = _SCORES.get(attention.score, attention.score)
    return f"{score} · {window} · {_SELECTIONS.get(attention.selection, attention.selection)}"


def _recurrent(section: RecurrentSection) -> str:
    decoder = f"{section.decoder.capitalize()} decoder" + (" with input feeding" if section.input_feeding else "")
    itself = "" if section.encoder_self_attention == "none" else f", {section.encoder_self_attention} self-attention"
    return f"{section.cell.upper()} encoder{itself} · {decoder}"


def _heads_of(section: TransformerSection) -> str:
    return f"scaled dot score · global · soft · {section.decoder_layers} layers of {section.heads} heads"


def _transformer(section: TransformerSection) -> str:
    return f"Transformer · {section.positions} positions · {section.self_attention} self-attention"
