"""What the OpenAPI document says of requests and answers; nothing is checked with it.

Requests are checked by `enface.inference.request`, whose own options the schemas here take over. The classes describe
answers as they are; which route has which stands beside the routes.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from enface.inference.options import TranslateOptions
from enface.inference.request import MAX_TEXTS

EXAMPLE = "A young woman is reading a newspaper."

Text = Annotated[str, Field(pattern=r"^[^\u0000]*$")]
Texts = Text | Annotated[list[Text], Field(min_length=1, max_length=MAX_TEXTS)]
Span = Annotated[list[int], Field(min_length=2, max_length=2)]


class TranslateRequest(TranslateOptions):
    """A text or several; everything else may be left out."""

    text: Texts


class StreamRequest(TranslateOptions):
    """One text; everything else may be left out."""

    text: Text


class AlignRequest(BaseModel):
    """A pair of texts, or as many of one side as of the other."""

    source: Texts
    target: Texts
    length_penalty: Annotated[float, Field(ge=0, le=5)] | None = None
    alignment: Literal["word", "subword", "none"] = "word"


class Tensor(BaseModel):
    """The texts; their count stands in the shape."""

    name: Literal["text"]
    datatype: Literal["BYTES"]
    shape: Annotated[list[int], Field(min_length=1, max_length=2)]
    data: list[Text]


class InferRequest(BaseModel):
    """One tensor of texts; the parameters are the options of a translation."""

    id: str | None = None
    parameters: dict[str, Any] | None = None
    inputs: Annotated[list[Tensor], Field(min_length=1, max_length=1)]


class LibreTranslateRequest(BaseModel):
    """A text or several, and the pair of languages."""

    q: Texts
    source: str
    target: str
    format: Literal["text", "html"] = "text"
    alternatives: Annotated[int, Field(ge=0, le=15)] = 0
    api_key: str = ""


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


class Tokens(BaseModel):
    """The words or subwords of a text, and the characters of each."""

    tokens: list[str]
    spans: list[Span]


class Alignment(BaseModel):
    """A row of source weights for each target token, and the pairs (source, target) that are linked."""

    matrix: list[list[float]]
    links: list[Span]


class Hypothesis(BaseModel):
    """One translation and its score, the log probability divided by the length penalty."""

    text: str
    score: float
    target: Tokens
    alignment: Alignment | None = None


class TranslationEntry(Hypothesis):
    """The best translation of one text, and others where they were asked for."""

    source: Tokens
    alternatives: list[Hypothesis] | None = None


class TranslateAnswer(BaseModel):
    """An entry for each text, in order."""

    model: Model
    translations: list[TranslationEntry]


Responses = dict[int | str, dict[str, Any]]

REFUSALS = {
    400: "The body cannot be read: no UTF-8, no JSON, nothing there.",
    401: "No key that is known.",
    408: "The body did not arrive in time.",
    413: "Too many bytes or characters, or the answer would be too large.",
    422: "The body can be read, but asks for what cannot be answered; a line for each problem.",
    429: "Too many requests of this key; Retry-After says when the next may come.",
    500: "A fault of the server's; the log has it under the request's id.",
    503: "No place, no worker or not in time; Retry-After says when to try again.",
}


def responses(success: type[BaseModel] | None, description: str) -> Responses:
    """The answers of a route that translates: its own and every refusal."""
    refused: Responses = {
        status: {"model": ErrorAnswer, "description": meaning} for status, meaning in REFUSALS.items()
    }
    return {200: {"model": success, "description": description} if success else {"description": description}} | refused


def request_body(schema: type[BaseModel], example: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A route's part of the document that describes its body: JSON of that schema, or one of the `others`."""
    described = {"schema": schema.model_json_schema(), "example": example}
    content = {"application/json": described} | others
    return {"requestBody": {"required": True, "content": content}, "security": [{"bearer": []}, {"header": []}, {}]}
