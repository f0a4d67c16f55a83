"""What the OpenAPI document says of requests; nothing is checked with it.

Requests are checked by `enface.inference.request`, whose own options the schemas here take over, and where the routes
of other protocols are. What no schema can say (`n_best` is at most `beam_size`) stands in the descriptions, and is 422.
Answers are described in `serving.gateway.answers`.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from enface.data.text import BLANKS
from enface.inference.options import TERM_CHARACTERS, TranslateOptions
from enface.inference.request import MAX_TEXTS

EXAMPLE = "A young woman is reading a newspaper."

Text = Annotated[str, Field(pattern=r"^[^\u0000]*$")]
Texts = Text | Annotated[list[Text], Field(min_length=1, max_length=MAX_TEXTS)]

PLAIN_TEXT = {"text/plain": {"schema": {"type": "string", "pattern": r"^[^\u0000]*$"}, "example": EXAMPLE}}
"""The body of a request that is nothing but its text."""

SECURITY: dict[str, Any] = {"security": [{"bearer": []}, {"header": []}, {}]}
"""A route's part of the document where it asks for a key, should the server have keys."""

_TERM = {"type": "string", "maxLength": TERM_CHARACTERS, "pattern": f"[^{BLANKS}]"}


class GatewayOptions(TranslateOptions):
    """The options of a translation, and `judge`, which needs a server with a judge and texts without tags."""

    judge: bool = False


class TranslateRequest(GatewayOptions):
    """A text or several; everything else may be left out. `n_best` is at most `beam_size`, where that is given."""

    text: Texts


class StreamRequest(GatewayOptions):
    """One text; everything else may be left out. `n_best` is at most `beam_size`, where that is given."""

    text: Text


class AlignRequest(BaseModel):
    """A pair of texts, or as many of one side as of the other."""

    model_config = ConfigDict(extra="forbid")

    source: Texts
    target: Texts
    length_penalty: Annotated[float, Field(ge=0, le=5)] | None = None
    alignment: Literal["word", "subword", "none"] = "word"
    confidence: bool = False
    judge: bool = False


class InferTensor(BaseModel):
    """The texts; their count stands in the shape, as [n], [n, 1] or [1, n]."""

    name: Literal["text"]
    datatype: Literal["BYTES"]
    shape: Annotated[list[int], Field(min_length=1, max_length=2)]
    data: Annotated[list[Text] | list[Annotated[list[Text], Field(min_length=1)]], Field(min_length=1)]


class InferParameters(GatewayOptions):
    """The options of a translation, and whether the outputs come in the binary extension."""

    binary_data_output: bool | None = None


class InferOutputParameters(BaseModel):
    """Whether this output comes in the binary extension."""

    binary_data: bool | None = None


class InferOutput(BaseModel):
    """One of the two tensors that there are."""

    name: Literal["text", "answer"]
    parameters: InferOutputParameters | None = None


class InferRequest(BaseModel):
    """One tensor of texts; `outputs` are those wanted, both if it is left out."""

    id: str | None = None
    parameters: InferParameters | None = None
    inputs: Annotated[list[InferTensor], Field(min_length=1, max_length=1)]
    outputs: list[InferOutput] | None = None


class LibreTranslateForm(BaseModel):
    """A text and the pair of languages."""

    q: Text
    source: str
    target: str
    format: Literal["text", "html"] = "text"
    alternatives: Annotated[int, Field(ge=0, le=15)] = 0
    api_key: str = ""


class LibreTranslateRequest(BaseModel):
    """A text or several, and the pair of languages."""

    q: Texts
    source: str
    target: str
    format: Literal["text", "html"] = "text"
    alternatives: Annotated[int, Field(ge=0, le=15)] | None = 0
    api_key: str | None = ""


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The model's JSON schema without references, whose paths would not hold inside an OpenAPI document."""
    schema = model.model_json_schema()
    schema = dict(_inlined(schema, schema.get("$defs", {})))
    options = schema["properties"] if "glossary" in schema["properties"] else _option_schemas(schema)
    for each in options.get("glossary", {}).get("anyOf", []):
        if "properties" in each:
            each["properties"]["terms"] |= {"additionalProperties": _TERM, "propertyNames": _TERM}
    return schema


def request_body(schema: dict[str, Any], example: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A route's part of the document that describes its body: JSON of that schema, or one of the `others`."""
    content = {"application/json": {"schema": schema, "example": example}} | others
    return {"requestBody": {"required": True, "content": content}} | SECURITY


def _option_schemas(schema: dict[str, Any]) -> dict[str, Any]:
    """The schemas of a translation's options where they are parameters; none where there are none."""
    kinds = schema["properties"].get("parameters", {}).get("anyOf", [])
    return dict(next((kind["properties"] for kind in kinds if "properties" in kind), {}))


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    meant = definitions[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else {}
    own = {name: value for name, value in schema.items() if name not in ("$ref", "$defs")}
    return {name: _inlined(value, definitions) for name, value in (meant | own).items()}
