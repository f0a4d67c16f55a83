"""What an answer tells of the tags, placeholders and terms that it was to carry over, as JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from enface.alignment.glossary import Honoured
from enface.alignment.restoring import Restored
from enface.alignment.tags import Unplaced


@dataclass(frozen=True)
class Reports:
    """What became of what had to be carried over; None of each kind that there was none of.

    Attributes:
        unplaced: tags that could not be placed.
        placeholders: those that the model did not copy.
        glossary: terms that the model did not translate as wanted; their spans are of the text given.
    """

    unplaced: list[Unplaced] | None = None
    placeholders: Restored | None = None
    glossary: Honoured | None = None

    def failures(self) -> str:
        """How many tags and terms could not be carried over, in words; empty if all were."""
        counts = {"tag": len(self.unplaced or []), "term": len(self.glossary.missed) if self.glossary else 0}
        named = [f"{count} {name}{'s' if count > 1 else ''}" for name, count in counts.items() if count]
        return f"{' and '.join(named)} could not be carried over" if named else ""

    def to_dict(self) -> dict[str, Any]:
        """The parts of an answer's entry that there are."""
        entry: dict[str, Any] = {}
        if self.unplaced is not None:
            entry["markup"] = {"unplaced": [asdict(tag) | {"span": list(tag.span)} for tag in self.unplaced]}
        if self.placeholders is not None:
            rewritten = [list(pair) for pair in self.placeholders.rewritten]
            entry["placeholders"] = asdict(self.placeholders) | {"rewritten": rewritten}
        if self.glossary is not None:
            entry["glossary"] = {
                name: [asdict(term) | {"span": list(term.span)} for term in terms]
                for name, terms in (("replaced", self.glossary.replaced), ("missed", self.glossary.missed))
            }
        return entry
