"""How a caller wants a translation, checked when it is made; what is left out is the bundle's to say."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    StringConstraints,
    ValidationError,
    model_validator,
)

from enface.alignment.words import split_words
from enface.bundle import SearchSettings
from enface.data.text import normalise
from enface.errors import RequestError
from enface.inference.session import Search
from enface.params import explain

LENGTH_STEP = 32
"""The bundle's own limit on lengths is rounded up to a multiple of this; see `search_for`."""

MAX_LENGTH = 1024
"""The most subwords of any answer, its end of sentence included."""


MAX_TERMS = 1000
"""The most terms of a glossary."""

TERM_CHARACTERS = 200
"""The most characters of a term, and of what it is to be translated to."""


def _term(text: str) -> str:
    term = normalise(text)
    if not split_words(term):
        raise ValueError("got no visible character, need a word or more")
    return term


_Term = Annotated[str, StringConstraints(max_length=TERM_CHARACTERS), AfterValidator(_term)]


class Glossary(BaseModel):
    """What terms of the source are to be in the translation; blanks in them are made single spaces."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    terms: Annotated[dict[_Term, _Term], Field(max_length=MAX_TERMS)]

    def __hash__(self) -> int:
        return hash(frozenset(self.terms.items()))


class TranslateOptions(BaseModel):
    """The options of one request.

    Attributes:
        beam_size: hypotheses searched side by side; None is the bundle's, or `n_best` if that is more.
        n_best: hypotheses answered, the best first.
        length_penalty: alpha of Wu et al. 2016 (arXiv:1609.08144), eq. 14; 0 compares bare probabilities.
        max_length: the most subwords of an answer, its end of sentence included; None lets it grow with the source,
            up to 1,024.
        alignment: what the rows and columns of the alignment are; "none" leaves it out.
        format: "html" if texts have tags, which are then carried through the translation, and entities.
        protect: whether placeholders, URLs, e-mail addresses and numbers come through unchanged. They do by default: a
            translation with a broken one is of no use, and a text without any is not touched.
        glossary: terms that are to be translated in one way.
        confidence: whether each token's log probability, and what looks wrong, is told.

    Raises:
        RequestError: naming each field that is wrong, what it got and what it needs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    beam_size: Annotated[int, Field(ge=1, le=16)] | None = None
    n_best: Annotated[int, Field(ge=1, le=16)] = 1
    length_penalty: Annotated[float, Field(ge=0, le=5)] | None = None
    max_length: Annotated[int, Field(ge=1, le=MAX_LENGTH)] | None = None
    alignment: Literal["word", "subword", "none"] = "word"
    format: Literal["text", "html"] = "text"
    protect: bool = True
    glossary: Glossary | None = None
    confidence: bool = False

    @model_validator(mode="wrap")
    @classmethod
    def _refused_as_request(cls, values: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            options = handler(values)
        except ValidationError as error:
            raise RequestError("\n".join(explain(error, "", cls, unquoted="glossary"))) from None
        if options.beam_size is not None and options.n_best > options.beam_size:
            raise RequestError(f"n_best: got {options.n_best}, need <= beam_size, which is {options.beam_size}")
        return options


def search_for(options: TranslateOptions, settings: SearchSettings, source_tokens: int) -> Search:
    """The search for a source of that many subwords: the options, completed by the bundle's settings.

    Lengths that the bundle limits are rounded up to a multiple of `LENGTH_STEP`: texts of about one length can then
    share a batch, and what a text is translated to still never depends on the others in its batch.
    """
    beam_size = options.beam_size or max(settings.beam_size, options.n_best)
    penalty = settings.length_penalty if options.length_penalty is None else options.length_penalty
    limit = int(settings.max_length_ratio * source_tokens) + settings.max_length_extra_tokens
    max_length = options.max_length or min(rounded_up(limit), MAX_LENGTH)
    return Search(beam_size=beam_size, max_length=max_length, length_penalty=penalty)


def rounded_up(length: int) -> int:
    """The least multiple of `LENGTH_STEP` that is not under `length`."""
    return -(-length // LENGTH_STEP) * LENGTH_STEP
