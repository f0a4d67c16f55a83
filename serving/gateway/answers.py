"""What the OpenAPI document says of answers and refusals; nothing is checked with it.

The classes describe answers as they are; which route has which stands beside the routes. What requests may be stands in
`serving.gateway.schemas`.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

Pair = Annotated[list[int], Field(min_length=2, max_length=2)]


class ErrorDetail(BaseModel):
    """What went wrong: a word for programs, a sentence for people, and the id to ask about."""

    code: str
    message: str
    request_id: str


class ErrorAnswer(BaseModel):
    """The answer to every request that is refused."""

    error: ErrorDetail


class Model(BaseModel):
    """The model that answered."""

    name: str
    version: str
    source_language: str
    target_language: str
    run_id: str | None
    corpus: str


class DescribedModel(Model):
    """The model with the settings of its search and of its alignments, and the judge that the server has."""

    search: dict[str, Any]
    alignment: dict[str, Any]
    judge: dict[str, Any] | None


class ModelsAnswer(BaseModel):
    """The one model that there is."""

    models: list[DescribedModel]


class Tokens(BaseModel):
    """The words or subwords of a text, and the characters of each."""

    tokens: list[str]
    spans: list[Pair]


class Alignment(BaseModel):
    """A row of source weights for each target token, and the pairs (source, target) that are linked."""

    matrix: list[list[float]]
    links: list[Pair]


class Confidence(BaseModel):
    """Of each target token, null where it was put in; the source tokens not attended to; runs that repeat."""

    log_probabilities: list[float | None]
    entropies: list[float | None]
    uncovered: list[int]
    loops: list[Pair]


class UnplacedTag(BaseModel):
    """A tag that could not be placed, its characters in the text given, and why."""

    tag: str
    span: Pair
    reason: Literal["no_start_tag", "no_end_tag", "no_aligned_word"]


class Markup(BaseModel):
    """The tags that could not be placed."""

    unplaced: list[UnplacedTag]


class Placeholders(BaseModel):
    """The placeholders that the model did not copy, and what was done with each."""

    replaced: list[str]
    inserted: list[str]
    removed: list[str]
    rewritten: list[Annotated[list[str], Field(min_length=2, max_length=2)]]


class GlossaryTerm(BaseModel):
    """A term of the glossary as the source has it, and its characters in the text given."""

    text: str
    wanted: str
    span: Pair


class GlossaryReport(BaseModel):
    """The terms that were put in the place of others, and those that found none."""

    replaced: list[GlossaryTerm]
    missed: list[GlossaryTerm]


class Hypothesis(BaseModel):
    """One translation and its score, the log probability divided by the length penalty.

    `markup` is there with `"format": "html"`, `placeholders` where the source has any, `glossary` with a glossary.
    `judge` is there with `"judge": true`: the probability that this is a translation of the source.
    """

    text: str
    score: float
    target: Tokens
    alignment: Alignment | None = None
    confidence: Confidence | None = None
    markup: Markup | None = None
    placeholders: Placeholders | None = None
    glossary: GlossaryReport | None = None
    judge: Annotated[float, Field(ge=0, le=1)] | None = None


class TranslationEntry(Hypothesis):
    """The best translation of one text, and others where they were asked for."""

    source: Tokens
    alternatives: list[Hypothesis] | None = None


class TranslateAnswer(BaseModel):
    """An entry for each text, in order."""

    model: Model
    translations: list[TranslationEntry]


class LibreTranslateAnswer(BaseModel):
    """Strings for a string, lists for a list; the language is the model's own, since nothing is detected."""

    translated_text: Annotated[str | list[str], Field(alias="translatedText")]
    detected_language: Annotated[dict[str, Any] | list[dict[str, Any]] | None, Field(alias="detectedLanguage")] = None
    alternatives: list[str] | list[list[str]] | None = None
