"""A glossary's file: JSON as in a request, or lines of a term, a tab and what it is to be translated to."""

import json
from pathlib import Path
from typing import Any

from enface.data.readers.lines import open_bytes, read_lines
from enface.errors import DataError


def read_glossary(path: Path) -> dict[str, Any]:
    """The glossary of a request that the file holds; what its terms may be is checked with the options.

    Args:
        path: a .json file, `{"terms": {"dog": "Hund"}}` or the terms alone, or any other of two tab-separated columns.

    Raises:
        DataError: there is no such file, it is neither of the two, or a term has two translations.
    """
    return _from_json(path) if path.suffix == ".json" else _from_columns(path)


def _from_json(path: Path) -> dict[str, Any]:
    with open_bytes(path) as file:
        content = file.read()
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: not JSON: {error}") from None
    if not isinstance(values, dict):
        raise DataError(f'{path}: got {type(values).__name__}, need an object such as {{"terms": {{"dog": "Hund"}}}}')
    return values if isinstance(values.get("terms"), dict) else {"terms": values}


def _from_columns(path: Path) -> dict[str, Any]:
    terms: dict[str, str] = {}
    for number, line in enumerate(read_lines(path), start=1):
        if not line.strip():
            continue
        columns = line.split("\t")
        if len(columns) != 2:
            raise DataError(f"{path}:{number}: got {len(columns)} columns, need 2: a term, a tab, its translation")
        if terms.setdefault(*columns) != columns[1]:
            raise DataError(f"{path}:{number}: this term has another translation in a line above; keep one of them")
    return {"terms": terms}
