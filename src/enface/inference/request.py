"""The JSON of a request to translate, and of its answer: the words of the HTTP interface, free of any server.

    {"text": "A dog." | ["A dog.", ...], "beam_size": 5, "n_best": 1, "length_penalty": 0.6, "max_length": 60,
     "alignment": "word" | "subword" | "none", "format": "text" | "html", "protect": true,
     "glossary": {"terms": {"dog": "Hund"}}, "confidence": false}

Everything but `text` may be left out. What is wrong with a request is told all at once and without quoting its text.
"""

from collections.abc import Sequence
from typing import Any

from enface.bundle import Manifest
from enface.errors import RequestError
from enface.inference.beginning import Beginning
from enface.inference.options import TranslateOptions
from enface.inference.texts import text_problems
from enface.inference.translation import Translation

MAX_TEXTS = 128
"""The most texts of one request."""


class _Request(TranslateOptions):
    """The fields of a request; its text is checked apart, so that no message can quote it."""

    text: Any


class _AlignRequest(TranslateOptions):
    """The fields of a request to align; its texts, too, are checked apart."""

    source: Any
    target: Any


_EXAMPLES = {_Request: '{"text": "A dog."}', _AlignRequest: '{"source": "A dog.", "target": "Ein Hund."}'}


def parse_request(body: Any, manifest: Manifest) -> tuple[list[str], TranslateOptions]:
    """The texts and options of a request's JSON; a translator of that manifest takes them as they are.

    Raises:
        RequestError: one line for each problem of the request.
    """
    request, problems = _fields(body, _Request)
    texts, faults = _texts(body.get("text", ""), manifest.search.max_source_characters)
    return texts, _options(request, [*problems, *faults])


def parse_align_request(body: Any, manifest: Manifest) -> tuple[list[tuple[str, str]], TranslateOptions]:
    """The pairs and options of a request to align; a translator of that manifest takes them as they are.

        {"source": "A dog." | ["A dog.", ...], "target": "Ein Hund." | ["Ein Hund.", ...],
         "length_penalty": 0.6, "alignment": "word" | "subword" | "none"}

    Raises:
        RequestError: one line for each problem of the request.
    """
    request, problems = _fields(body, _AlignRequest)
    limit = manifest.search.max_source_characters
    sources, source_faults = _texts(body.get("source", ""), limit, "source")
    targets, target_faults = _texts(body.get("target", ""), limit, "target")
    problems = [*problems, *source_faults, *target_faults]
    if not problems and len(sources) != len(targets):
        problems = [f"target: got {len(targets)} texts for {len(sources)} of source, need one for each"]
    options = _options(request, problems)
    return list(zip(sources, targets, strict=True)), options


def answer(manifest: Manifest, translations: Sequence[Translation | Beginning]) -> dict[str, Any]:
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


def _fields(body: Any, kind: type[TranslateOptions]) -> tuple[TranslateOptions, list[str]]:
    """The request's fields and what is wrong with them; its texts are not looked at."""
    if not isinstance(body, dict):
        raise RequestError(f"body: got {_kind(body)}, need an object such as {_EXAMPLES[kind]}")
    try:
        return kind.model_validate(body), []
    except RequestError as error:
        return TranslateOptions(), str(error).splitlines()


def _options(request: TranslateOptions, problems: list[str]) -> TranslateOptions:
    if problems:
        raise RequestError("\n".join(problems))
    return TranslateOptions.model_validate({name: getattr(request, name) for name in TranslateOptions.model_fields})


def _texts(value: Any, max_characters: int, name: str = "text") -> tuple[list[str], list[str]]:
    """The request's texts, and what is wrong with them; `name` is their field's."""
    if isinstance(value, str):
        return [value], text_problems([value], max_characters, label=name)
    if not isinstance(value, list):
        return [], [f"{name}: got {_kind(value)}, need a string or a list of strings"]
    if not 1 <= len(value) <= MAX_TEXTS:
        return [], [f"{name}: got {len(value)} texts, need 1 to {MAX_TEXTS}"]
    return value, text_problems(value, max_characters, label=f"{name}[{{}}]")


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
