"""Which pairs are kept: the rules that compare pairs, and the count of what all rules rejected and where.

Validation and test splits lose empty pairs alone and come first; a training pair is rejected for the first of these:

    empty            a side without a visible character
    too_long         a side of more words than `max_length_words`
    ratio            one side has more than `max_length_ratio` times the words of the other
    test_leak        its source sentence is one of a test split's
    validation_leak  its source sentence is one of the validation split's
    duplicate        the same pair stood before
    judge            a judge that was asked (docs/judge.md) holds it for no translation

The first three are *bad*: they speak of a broken corpus, and too large a part of them ends the stage. The others
are counted only: leaks and repeats are ordinary in good corpora and do no harm once they are out, and who asks a judge
expects it to reject. Sentences are compared normalised. The first three and the judge stand in `sifting.py`.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from enface.data.prepared import TRAIN, VALIDATION
from enface.data.seen import SeenSentences
from enface.data.sifting import EMPTY, RATIO, TOO_LONG, CleanPair, Sifted
from enface.errors import DataError

TEST_LEAK, VALIDATION_LEAK, DUPLICATE, JUDGE = "test_leak", "validation_leak", "duplicate", "judge"
BAD = (EMPTY, TOO_LONG, RATIO)

_SHOWN_PLACES = 3


class Cleaner:
    """Judges pairs that were sifted, one by one, those of the test and validation splits before those of train."""

    def __init__(self, seen: SeenSentences) -> None:
        self._seen = seen

    def judge(self, split: str, sifted: Sifted) -> CleanPair | str:
        """The pair as the rules keep it, or the reason why they do not."""
        pair = sifted.judged
        if isinstance(pair, str):
            return pair
        if split == TRAIN:
            return self._reason(pair) or (pair if sifted.accepted else JUDGE)
        self._seen.hold_out(pair.source, split)
        return pair

    def _reason(self, pair: CleanPair) -> str | None:
        held_out_in = self._seen.held_out_in(pair.source)
        if held_out_in is not None:
            return VALIDATION_LEAK if held_out_in == VALIDATION else TEST_LEAK
        return None if self._seen.add_pair(pair.source, pair.target) else DUPLICATE


class Tally:
    """How many pairs were read, and which were rejected: the lines of rejects.tsv (split, reason, place; no text)."""

    def __init__(self, path: Path) -> None:
        """Starts the file at `path`."""
        self.read: Counter[str] = Counter()
        self.rejected: Counter[tuple[str, str]] = Counter()
        self._places: dict[str, list[str]] = {}
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._file.write("split\treason\tplace\n")

    def reject(self, split: str, reason: str, place: str) -> None:
        """Counts and writes down one rejected pair."""
        self.rejected[split, reason] += 1
        self._file.write(f"{split}\t{reason}\t{place}\n")
        places = self._places.setdefault(reason, [])
        if split == TRAIN and len(places) < _SHOWN_PLACES:
            places.append(place)

    def close(self) -> None:
        """Ends the file."""
        self._file.close()

    def reasons(self, split: str) -> dict[str, int]:
        """The number of rejected pairs of a split by reason."""
        return {reason: count for (name, reason), count in self.rejected.items() if name == split}

    @property
    def bad_ratio(self) -> float:
        """The part of the training pairs that is bad, 0 to 1."""
        return sum(self.rejected[TRAIN, reason] for reason in BAD) / max(self.read[TRAIN], 1)

    def check(self, max_bad_ratio: float) -> None:
        """Nothing, if the corpus is good enough.

        Raises:
            DataError: too many training pairs are bad, or a split has no pair left; with counts and first places.
        """
        if self.bad_ratio > max_bad_ratio:
            raise DataError(
                f"{self.bad_ratio:.1%} of {self.read[TRAIN]} training pairs are bad, params.yaml prepare.max_bad_ratio "
                f"allows {max_bad_ratio:.1%}:\n{self._by_reason(BAD)}\nmend the corpus or raise the limits in prepare"
            )
        for split, read in self.read.items():
            if read == sum(self.reasons(split).values()):
                raise DataError(
                    f"{split}: none of {read} pairs is left"
                    + (f":\n{self._by_reason(self.reasons(split))}" if split == TRAIN and read else "")
                )

    def _by_reason(self, reasons: Iterable[str]) -> str:
        lines = []
        for reason in reasons:
            if count := self.rejected[TRAIN, reason]:
                places = ", ".join(self._places[reason]) + (", ..." if count > _SHOWN_PLACES else "")
                lines.append(f"  {reason}: {count} ({places})")
        return "\n".join(lines)
