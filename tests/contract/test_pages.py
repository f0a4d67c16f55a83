"""The pages whose Python blocks can be run: what they print is what the page shows under them."""

import contextlib
import io
import re

import numpy as np
import pytest

from tests.contract.imports import ROOT

PAGES = ["docs/attention_by_hand.md"]

BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_every_block_prints_what_the_page_shows(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) == text.count("```python") > 0
    names: dict[str, object] = {}
    with np.printoptions():
        for code, shown in blocks:
            assert printed_by(code, names) == shown


def printed_by(code: str, names: dict[str, object]) -> str:
    """What the code prints, run with the names that the blocks before it left."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "<page>", "exec"), names)
    return printed.getvalue()
