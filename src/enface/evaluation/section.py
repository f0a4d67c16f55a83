"""The `evaluate` section of params.yaml."""

import itertools
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from enface.params import Section


def _rising(ends: list[int]) -> list[int]:
    if not ends or ends[0] < 1 or any(after <= before for before, after in itertools.pairwise(ends)):
        raise PydanticCustomError("rising", "need word counts from 1 on, each greater than the one before")
    return ends


class GoldSection(Section):
    """A folder of hand-aligned pairs: `gold.<source>`, `gold.<target>` and `gold.align`; "" for none.

    `gold.align` counts the words of `source_language` first. A bundle of the opposite direction is scored on the
    turned-round links, one of other languages not at all.
    """

    folder: str
    source_language: str
    target_language: str


class EvaluateSection(Section):
    """How test splits are translated and scored; how the bundle searches is said by the bundle."""

    bootstrap_samples: Annotated[int, Field(ge=2)]
    length_bucket_ends: Annotated[list[int], AfterValidator(_rising)]
    examples: Annotated[int, Field(ge=1)]
    word_map_words: Annotated[int, Field(ge=2)]
    gold: GoldSection
