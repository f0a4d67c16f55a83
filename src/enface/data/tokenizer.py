"""Text to subword ids and back, with the characters that each subword came from.

A joint byte-pair encoding (Sennrich et al. 2016) kept as one Hugging Face tokenizers JSON. Nothing is ever unknown: a
character outside the vocabulary becomes its UTF-8 bytes. A subword that begins a word carries the space before it
(shown as `▁`), and no subword reaches over a word's end as `enface.alignment.words` says it.
Imports tokenizers alone: serving loads this module.
"""

import contextlib
import itertools
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

from enface.alignment.words import PUNCTUATION, Span
from enface.data.text import BLANKS, normalise
from enface.errors import DataError

PAD, BOS, EOS, UNK = 0, 1, 2, 3

_SPECIALS = ["<pad>", "<s>", "</s>", "<unk>"]
_BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
_RESERVED = _SPECIALS + _BYTES
_FIRST_BYTE = len(_SPECIALS)

FIRST_TEXT = len(_RESERVED)
"""The first id that is spelt as its piece; those before it are special ones and bytes."""

SMALLEST_VOCABULARY = len(_RESERVED) + 40
"""Specials, bytes and about one alphabet."""

_WORD = re.compile(f" ?[{PUNCTUATION}]| ?[^ {PUNCTUATION}]+")
"""What no subword reaches over, in a text of single spaces."""

_BETWEEN, _REPEATED = "\n", 64
"""What stands between the words that are learnt from, a character of none, and how many of a word do so at once."""

_THREADS = "TOKENIZERS_PARALLELISM"

_BLANK = re.compile(f"[{BLANKS}]*")
_MARKS = re.compile(f"[^{BLANKS}]*")


@dataclass(frozen=True)
class Encoding:
    """The subwords of a text: their ids, how they read, and their character spans in the text as it was given.

    A span leaves out white space, so that of a subword of a space alone is empty and stands at the next word. The
    bytes of one character share its span.
    """

    ids: list[int]
    pieces: list[str]
    spans: list[Span]


@dataclass(frozen=True)
class Decoded:
    """A text made from ids, with each id's piece and character span in that text; special ids are left out."""

    text: str
    pieces: list[str]
    spans: list[Span]


class Tokenizer:
    """The subword vocabulary of a language pair."""

    def __init__(self, inner: tokenizers.Tokenizer) -> None:
        self._inner = inner
        vocabulary = inner.get_vocab(with_added_tokens=False)
        self._pieces = [piece for piece, _ in sorted(vocabulary.items(), key=lambda entry: entry[1])]

    @classmethod
    def train(cls, sentences: Iterable[str], *, vocabulary_size: int) -> "Tokenizer":
        """A tokenizer of at most `vocabulary_size` subwords learnt from `sentences`, whose words are held in memory.

        The same sentences give the same tokenizer. At most half of the room goes to single characters, the most
        frequent ones; the others are spelt in bytes.
        """
        words = _counted_words(sentences)
        alphabet = _alphabet(words, limit=(vocabulary_size - len(_RESERVED)) // 2)
        trainer = trainers.BpeTrainer(
            vocab_size=vocabulary_size,
            special_tokens=_RESERVED,
            initial_alphabet=alphabet,
            limit_alphabet=len(alphabet),
            show_progress=False,
        )
        inner = tokenizers.Tokenizer(models.BPE(byte_fallback=True, unk_token=_SPECIALS[UNK]))
        inner.pre_tokenizer = pre_tokenizers.CharDelimiterSplit(_BETWEEN)
        with _one_thread():
            inner.train_from_iterator(_repeated(words), trainer)
        _read_text(inner)
        return cls(_without_literal_specials(inner))

    @classmethod
    def from_file(cls, path: Path) -> "Tokenizer":
        """The tokenizer saved at `path`.

        Raises:
            DataError: there is no such file, or it is not one that `save` wrote.
        """
        try:
            content = path.read_text(encoding="utf-8")
            settings = json.loads(content)
            known = [piece for piece, _ in sorted(settings["model"]["vocab"].items(), key=lambda entry: entry[1])]
        except FileNotFoundError:
            raise DataError(f"{path}: no such file, need a tokenizer; run: dvc repro prepare") from None
        except (ValueError, LookupError, TypeError, AttributeError):
            known = []
        if known[: len(_RESERVED)] != _RESERVED:
            raise DataError(f"{path}: not a tokenizer of Enface (broken, or made elsewhere); run: dvc repro -f prepare")
        try:
            return cls(tokenizers.Tokenizer.from_str(content))
        except Exception as error:  # tokenizers has no class of its own for what it cannot read
            raise DataError(f"{path}: tokenizers {tokenizers.__version__} cannot read it: {error}") from None

    def save(self, path: Path) -> None:
        """Writes the tokenizer to `path`, as Hugging Face tokenizers JSON."""
        path.write_text(self._inner.to_str(pretty=True) + "\n", encoding="utf-8")

    @property
    def pieces(self) -> Sequence[str]:
        """How each id is spelt, a space before a word as a space; special ids and bytes have names, as in `<0x0A>`."""
        return self._pieces

    @property
    def merges(self) -> list[tuple[str, str]]:
        """Which two pieces make one, those learnt first before the others."""
        return [(left, right) for left, right in json.loads(self._inner.to_str())["model"]["merges"]]

    @property
    def vocabulary_size(self) -> int:
        """The number of ids, special ones included."""
        return len(self._pieces)

    def encode(self, text: str) -> Encoding:
        """The subwords of `text`, no special ids among them; none for a text without a visible character."""
        return _located(self._inner.encode(text, add_special_tokens=False), text)

    def encode_batch(self, texts: Sequence[str]) -> list[Encoding]:
        """`encode` of each text, in order."""
        encodings = self._inner.encode_batch(list(texts), add_special_tokens=False)
        return [_located(encoding, text) for encoding, text in zip(encodings, texts, strict=True)]

    def encode_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids alone of each text, for whole corpora: several times faster than `encode_batch`."""
        return [encoding.ids for encoding in self._inner.encode_batch_fast(list(texts), add_special_tokens=False)]

    def encode_words(self, text: str) -> list[list[int]]:
        """The ids of `text` word by word, words as in `enface.alignment.words`: the fastest for a text of few words."""
        model = self._inner.model
        return [[token.id for token in model.tokenize(word)] for word in _words(text)]

    def decode(self, ids: Sequence[int]) -> Decoded:
        """The text that `ids` spell; whatever the ids are, its words stand single-spaced.

        Bytes that form no character read as U+FFFD, and so do those of a line break or another control character.
        """
        text, pieces, spans = "", [], []
        for part, part_ids in self._parts(ids):
            added = part.lstrip(" ") if not text or text.endswith(" ") else part
            text += added
            pieces += [_shown(self._pieces[id]) for id in part_ids]
            spans += [(len(text) - len(added.lstrip(" ")), len(text))] * len(part_ids)
        kept = text.rstrip(" ")
        return Decoded(kept, pieces, [(min(start, len(kept)), min(end, len(kept))) for start, end in spans])

    def _parts(self, ids: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
        """What `ids` spell, part by part, each with its ids: a subword, or one character's bytes."""
        for is_bytes, group in itertools.groupby((id for id in ids if id > UNK), lambda id: id < _FIRST_BYTE + 256):
            if is_bytes:
                yield from _characters(list(group))
            else:
                yield from ((self._pieces[id], [id]) for id in group)


def _read_text(inner: tokenizers.Tokenizer) -> None:
    """Has `inner` take text as it is given, and cut it into the words that it learnt from."""
    blanks = re.sub(r"\\[ux]([0-9a-f]+)", r"\\x{\1}", BLANKS)
    single_spaces = normalizers.Replace(tokenizers.Regex(f"[{blanks}]+"), " ")
    inner.normalizer = normalizers.Sequence(
        [normalizers.NFC(), single_spaces, normalizers.Strip(), normalizers.Prepend(" ")]
    )
    inner.pre_tokenizer = pre_tokenizers.Split(tokenizers.Regex(_WORD.pattern), "isolated")
    inner.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])


def _counted_words(sentences: Iterable[str]) -> Counter[str]:
    """How often each word stands in `sentences`, the space before it being part of it."""
    runs = Counter(itertools.chain.from_iterable(normalise(sentence).split(" ") for sentence in sentences))
    words: Counter[str] = Counter()
    for run, count in runs.items():
        for word in _words(run):
            words[word] += count
    return words


def _words(text: str) -> list[str]:
    """The words of `text`, each with the space before it, if there is one."""
    return _WORD.findall(f" {normalise(text)}")


def _repeated(words: Counter[str]) -> Iterator[str]:
    """Every word as often as it stands in the text: cheaper to take apart again than sentences are."""
    for word, count in words.items():
        for left in range(count, 0, -_REPEATED):
            yield _BETWEEN.join([word] * min(left, _REPEATED))


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Has tokenizers do without threads: with thousands of short steps, handing them over costs more than they gain."""
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "false"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before


def _alphabet(words: Counter[str], *, limit: int) -> list[str]:
    """The space and the most frequent characters, at most `limit` in all; ties go by code point."""
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for character in word:
            counts[character] += count
    del counts[" "]
    return [" ", *sorted(counts, key=lambda character: (-counts[character], character))[: max(limit - 1, 0)]]


def _without_literal_specials(inner: tokenizers.Tokenizer) -> tokenizers.Tokenizer:
    """`inner` such that no text, not even `</s>` itself, encodes to a special or byte id by being spelt like it."""
    settings: dict[str, Any] = json.loads(inner.to_str())
    settings["added_tokens"] = []
    reserved = set(_RESERVED)
    merges = settings["model"]["merges"]
    settings["model"]["merges"] = [
        merge for merge in merges if "".join(merge) not in reserved and not reserved & set(merge)
    ]
    return tokenizers.Tokenizer.from_str(json.dumps(settings))


def _located(encoding: tokenizers.Encoding, text: str) -> Encoding:
    tokens: list[str] = encoding.tokens
    spans = encoding.offsets if unicodedata.is_normalized("NFC", text) else _widened(encoding.offsets, text)
    trimmed = [_trimmed(token, span, text) for token, span in zip(tokens, spans, strict=True)]
    return Encoding(encoding.ids, [_shown(token) for token in tokens], trimmed)


def _widened(spans: Sequence[Span], text: str) -> list[Span]:
    """`spans` with the marks that NFC composed into their last character, which tokenizers leaves out of them."""
    wide: list[Span] = []
    limit = following = len(text)
    for start, end in reversed(spans):
        if start < following:
            limit, following = following, start
        marks = _MARKS.match(text, end, max(limit, end))
        wide.append((start, marks.end() if marks else end))
    return wide[::-1]


def _trimmed(token: str, span: Span, text: str) -> Span:
    """`span` without the white space that the token begins with; empty for a token of nothing else."""
    start, end = span
    if not token.startswith(" "):
        return span
    blank = _BLANK.match(text, start)
    start = blank.end() if blank else start
    return (start, start) if token == " " else (start, end)


def _shown(piece: str) -> str:
    return "▁" + piece[1:] if piece.startswith(" ") else piece


def _characters(ids: list[int]) -> Iterator[tuple[str, list[int]]]:
    """The characters that ids of bytes spell, each with its ids; U+FFFD for a control and for a byte of none."""
    run = bytes(id - _FIRST_BYTE for id in ids)
    at = 0
    while at < len(run):
        character, count = _first_character(run[at : at + 4])
        yield "\ufffd" if re.fullmatch(f"[{BLANKS}]", character) else character, ids[at : at + count]
        at += count


def _first_character(run: bytes) -> tuple[str, int]:
    for count in range(1, len(run) + 1):
        with contextlib.suppress(UnicodeDecodeError):
            return run[:count].decode("utf-8"), count
    return "\ufffd", 1
