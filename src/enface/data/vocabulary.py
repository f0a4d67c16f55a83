"""Which words the training text of a prepared corpus has, and how often: whole words, not subwords.

A word is what `enface.alignment.words` says, without the marks of punctuation; upper and lower case stay apart.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from enface.alignment.words import split_words
from enface.data.prepared import TRAIN, PreparedFolder, read_lines


def count_words(prepared: PreparedFolder, side: str, *, every: int = 1) -> Counter[str]:
    """How often each word stands in the training text of `side` ("source" or "target"), the most frequent first.

    Words of equal count are in the order of their letters. The text is streamed, or every n-th sentence of it; its
    vocabulary is held.
    """
    counts: Counter[str] = Counter()
    for words in training_sentences(prepared, side, every=every):
        counts.update(words)
    return Counter(dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))))


def training_sentences(prepared: PreparedFolder, side: str, *, every: int = 1) -> Iterator[list[str]]:
    """The words of every `every`-th sentence of the training text of `side`, one sentence at a time."""
    for line in islice(read_lines(prepared.path / f"{TRAIN}.{side}"), 0, None, every):
        yield [word for word in split_words(line) if is_word(word)]


def is_word(text: str) -> bool:
    """Whether `text` has a letter or a digit: a mark of punctuation or a dash alone has none."""
    return any(character.isalnum() for character in text)
