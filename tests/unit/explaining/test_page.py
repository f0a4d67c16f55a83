"""The page in a browser: Chromium without a window prints what the page's script has made of it."""

import re
import shutil
import subprocess

import pytest

from enface.explaining.document import as_json, write_page
from tests.unit.explaining import made
from tests.unit.explaining.test_document import HOSTILE, Elements, hostile

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")


def opened(values, folder):
    """The elements of the page once its script has run."""
    write_page(folder / "page.html", values)
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    done = subprocess.run(
        [BROWSER, *options, "--virtual-time-budget=2000", "--dump-dom", (folder / "page.html").as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def test_the_first_step_is_shown_and_the_others_wait(tmp_path):
    kinds = {"additive": {}, "none": {"score": "none"}}
    explained = [made.explained(made.explanation(made.model(**kind)), name) for name, kind in kinds.items()]
    values = as_json(explained, languages=("en", "de"))
    text = opened(values, tmp_path)
    body = text[: text.index("<template")]
    assert body.count('<section class="model"') == 2
    assert f">{made.TEXT}</h1>" in body
    for model in values["models"]:
        first = model["word"]["steps"][0]
        assert f"{model['name']}: {'end' if len(model['word']['steps']) == 1 else first['token']}," in body
    assert len(re.findall(r'<li class="token', body)) == 2 * len(values["models"][0]["word"]["source"])
    assert body.count('class="now"') == 4, "a word and a row of each model"
    assert not re.search(r"NaN|undefined", body)


def test_a_hostile_sentence_is_shown_and_not_run(tmp_path):
    text = opened(hostile(), tmp_path)
    assert len(Elements(text).all("script")) == 2
    shown = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f">{shown}</h1>" in text
