"""What counts as the same text: NFC, single spaces, no control characters.

The corpus is written in this form and the tokenizer brings whatever it is given into it, so that training and serving
see the same characters. What a word is stands in `enface.alignment.words`.
"""

import re
import unicodedata

BLANKS = r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""White space and control characters (NUL among them), as the inside of a character class: each run is one space."""

_BLANK = re.compile(f"[{BLANKS}]+")


def normalise(text: str) -> str:
    """`text` in Unicode's composed form (NFC), runs of white space and control characters made single spaces."""
    composed = unicodedata.normalize("NFC", text)
    if (
        not composed.isprintable() or "  " in composed
    ):  # most text has single spaces alone: the regex is ten times slower
        composed = _BLANK.sub(" ", composed)
    return composed.strip(" ")
