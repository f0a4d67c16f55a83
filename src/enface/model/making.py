"""From settings to encoder and decoder: one `match` for each choice."""

from enface.model.attention.composition import AnyAttention
from enface.model.attention.heads import MultiHeadAttention
from enface.model.attention.making import make_attention
from enface.model.attention.windows import GlobalWindow, LocalMonotonicWindow
from enface.model.decoder import (
    AnyRecurrentDecoder,
    BahdanauDecoder,
    DecoderSizes,
    InputFeedingDecoder,
    LuongDecoder,
)
from enface.model.encoder import RecurrentEncoder
from enface.model.section import ModelSection, RecurrentSection, TransformerSection
from enface.model.transformer import TransformerDecoder, TransformerEncoder, TransformerSizes

AnyEncoder = RecurrentEncoder | TransformerEncoder
AnyDecoder = AnyRecurrentDecoder | TransformerDecoder


def make_network(section: ModelSection) -> tuple[AnyEncoder, AnyDecoder]:
    """The encoder and the decoder that `section` describes."""
    match section.network:
        case "recurrent":
            return _make_recurrent(section.recurrent)
        case "transformer":
            return _make_transformer(section.transformer)


def embedding_of(section: ModelSection) -> tuple[int, float]:
    """The size of the embeddings and their dropout."""
    match section.network:
        case "recurrent":
            return section.recurrent.embedding_size, section.recurrent.dropout
        case "transformer":
            return section.transformer.size, section.transformer.dropout


def _make_recurrent(section: RecurrentSection) -> tuple[RecurrentEncoder, AnyRecurrentDecoder]:
    encoder = RecurrentEncoder(
        section.cell,
        input_size=section.embedding_size,
        hidden_size=section.encoder_size,
        layers=section.encoder_layers,
        dropout=section.dropout,
        self_attention=_make_self_attention(section),
    )
    attention = make_attention(section.attention, query_size=section.decoder_size, state_size=encoder.state_size)
    sizes = DecoderSizes(section.embedding_size, section.decoder_size, encoder.state_size)
    return encoder, _make_decoder(section, attention, sizes)


def _make_decoder(section: RecurrentSection, attention: AnyAttention, sizes: DecoderSizes) -> AnyRecurrentDecoder:
    match section.decoder:
        case "bahdanau":
            return BahdanauDecoder(section.cell, attention, sizes, dropout=section.dropout)
        case "luong" if section.input_feeding:
            return InputFeedingDecoder(section.cell, attention, sizes, dropout=section.dropout)
        case "luong":
            return LuongDecoder(section.cell, attention, sizes, dropout=section.dropout)


def _make_self_attention(section: RecurrentSection) -> MultiHeadAttention | None:
    window: GlobalWindow | LocalMonotonicWindow
    match section.encoder_self_attention:
        case "none":
            return None
        case "global":
            window = GlobalWindow()
        case "local":
            window = LocalMonotonicWindow(section.self_attention_radius)
    size = 2 * section.encoder_size
    return MultiHeadAttention(size, section.self_attention_heads, window=window, dropout=section.dropout)


def _make_transformer(section: TransformerSection) -> tuple[TransformerEncoder, TransformerDecoder]:
    sizes = TransformerSizes(
        size=section.size,
        heads=section.heads,
        feedforward=section.feedforward_size,
        dropout=section.dropout,
        positions=section.positions,
        radius=section.self_attention_radius if section.self_attention == "local" else None,
    )
    return TransformerEncoder(sizes, section.encoder_layers), TransformerDecoder(sizes, section.decoder_layers)
