"""The JSON of a request to translate, and of its answer: the words of the HTTP interface, free of any server.

    {"text": "A dog." | ["A dog.", ...], "beam_size": 5, "n_best": 1, "length_penalty": 0.6, "max_length": 60,
     "alignment": "word" | "subword" | "none"}

Everything but `text` may be left out. What is wrong with a request is told all at once and without quoting its text.
"""

from collections.abc import Sequence
from typing import Any

from enface.bundle import Manifest
from enface.errors import RequestError
from enface.inference.options import TranslateOptions
from enface.inference.texts import text_problems
from enface.inference.translation import Translation

MAX_TEXTS = 128
"""The most texts of one request."""


class _Request(TranslateOptions):
    """The fields of a request; its text is checked apart, so that no message can quote it."""

    text: Any


def parse_request(body: Any, manifest: Manifest) -> tuple[list[str], TranslateOptions]:
    """The texts and options of a request's JSON; a translator of that manifest takes them as they are.

    Raises:
        RequestError: one line for each problem of the request.
    """
    if not isinstance(body, dict):
        raise RequestError(f'body: got {_kind(body)}, need an object such as {{"text": "A dog."}}')
    problems = []
    try:
        request = _Request.model_validate(body)
    except RequestError as error:
        problems = str(error).splitlines()
    texts, text_faults = _texts(body.get("text", ""), manifest.search.max_source_characters)
    if problems or text_faults:
        raise RequestError("\n".join([*problems, *text_faults]))
    return texts, TranslateOptions.model_validate(request.model_dump(exclude={"text"}))


def answer(manifest: Manifest, translations: Sequence[Translation]) -> dict[str, Any]:
    """The answer's JSON values: which model, then one entry for each translation."""
    return {
        "model": {
            "name": manifest.name,
            "version": manifest.version,
            "source_language": manifest.source_language,
            "target_language": manifest.target_language,
            "run_id": manifest.lineage.run_id,
            "corpus": manifest.lineage.corpus,
        },
        "translations": [translation.to_dict() for translation in translations],
    }


def _texts(value: Any, max_characters: int) -> tuple[list[str], list[str]]:
    """The request's texts, and what is wrong with them."""
    if isinstance(value, str):
        return [value], text_problems([value], max_characters, label="text")
    if not isinstance(value, list):
        return [], [f"text: got {_kind(value)}, need a string or a list of strings"]
    if not 1 <= len(value) <= MAX_TEXTS:
        return [], [f"text: got {len(value)} texts, need 1 to {MAX_TEXTS}"]
    return value, text_problems(value, max_characters)


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
