"""The page in a browser that is left open: its keys, its clock and its buttons, with two models side by side.

The page's time is the tests' own, so that what plays is not waited for. Its elements are in test_page.py.
"""

from dataclasses import replace
from typing import NamedTuple

import pytest

from enface.explaining.document import as_json, write_page
from enface.explaining.explanation import Candidate, make_side
from tests.unit.explaining import made
from tests.unit.explaining.test_page import BROWSER

playwright = pytest.importorskip("playwright.sync_api", reason="there is no Playwright here")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")

WAIT_MS = 60_000
PACE_MS = 1_500  # of a step
BEFORE_MS = PACE_MS // 4  # of the first one, once it plays


class Played(NamedTuple):
    """The page, what it asked for, and what the browser said of it."""

    page: object
    address: str
    asked: list
    complaints: list

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def run(self, milliseconds):
        self.page.clock.run_for(milliseconds)

    def count(self):
        return self.page.text_content("#count")

    def button(self):
        """What the button that plays is called, which is what it would do."""
        return self.page.get_attribute("#play", "aria-label")

    def now(self):
        """The word of each model at which the page is."""
        return self.page.locator(".target .now").all_text_contents()

    def words(self, model=0):
        """All words that a model writes, or subwords."""
        return self.page.locator("section.model").nth(model).locator(".target li").all_text_contents()


def shorter():
    """`Gebell` and the end, of the source that `made.by_hand` has: a step less in words, two in subwords."""
    found = made.by_hand()
    (looking,) = found.lookings
    last = {name: getattr(looking, name)[2:] for name in ("weights", "scores", "contexts", "centres")}
    return replace(
        found,
        target=make_side("Gebell", ["▁Gebell"], [(0, 6)], ended=True),
        candidates=[[Candidate("▁Gebell", 0.7, chosen=True)], found.candidates[-1]],
        lookings=[replace(looking, **last)],
    )


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    explained = [made.explained(), made.explained(shorter(), "shorter")]
    path = tmp_path_factory.mktemp("playing") / "page.html"
    write_page(path, as_json(explained, languages=("en", "de")))
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"], timeout=WAIT_MS)
        page = browser.new_page()
        page.set_default_timeout(WAIT_MS)
        found = Played(page, path.as_uri(), [], [])
        page.on("request", lambda request: found.asked.append(request.url))
        page.on("console", lambda message: found.complaints.append(message.text))
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        page.clock.install(time=0)
        page.goto(found.address)
        page.clock.pause_at(3_600)
        yield found
        browser.close()


@pytest.fixture
def played(opened):
    """The page in words, at its beginning and with no button in focus."""
    opened.page.click("[data-unit=word]")
    opened.page.click("h1")
    opened.press("Home")
    return opened


def test_the_arrows_go_step_by_step_and_no_further_than_the_ends(played):
    assert (played.count(), played.now()) == ("0 / 3", [])
    assert played.page.text_content("#said") == "by hand: source read; shorter: source read"
    played.press("ArrowRight")
    assert (played.count(), played.now()) == ("1 / 3", ["Hunde", "Gebell"])
    assert played.page.text_content("#said") == (
        "by hand: Hunde, 20.0 %, from dogs 0.88, bark 0.13; shorter: Gebell, 70.0 %, from bark 1.00, dogs 0.00"
    )
    played.press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft")
    assert (played.count(), played.now()[0]) == ("2 / 3", "bellen")
    played.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
    assert played.count() == "0 / 3"


def test_at_the_end_the_model_that_wrote_less_stays_at_its_last_word(played):
    assert played.page.locator("section.model h2").all_text_contents() == ["by hand", "shorter"]
    assert (played.words(), played.words(1)) == (["Hunde", "bellen", "end"], ["Gebell", "end"])
    played.press("End")
    assert (played.count(), played.now()) == ("3 / 3", ["end", "end"])
    assert played.page.locator(".future").count() == 0
    played.press("Home")
    assert played.page.locator(".target .future").count() == 5


def test_space_plays_and_stops(played):
    played.press(" ")
    assert (played.button(), played.count()) == ("Pause", "0 / 3")
    played.run(BEFORE_MS)
    assert played.count() == "1 / 3"
    played.run(PACE_MS)
    assert (played.button(), played.count()) == ("Pause", "2 / 3")
    played.press(" ")
    assert played.button() == "Play"
    played.run(9 * PACE_MS)
    assert played.count() == "2 / 3"


def test_playing_ends_with_the_last_step_and_begins_anew(played):
    played.press("End", " ")
    assert (played.button(), played.count()) == ("Pause", "0 / 3")
    played.run(BEFORE_MS + 2 * PACE_MS)
    assert (played.button(), played.count()) == ("Play", "3 / 3")
    played.press(" ", "ArrowRight")
    assert (played.button(), played.count()) == ("Play", "1 / 3"), "whoever steps, stops it"


def test_the_unit_changes_and_the_place_stays(played):
    played.press("ArrowRight")
    played.page.click("[data-unit=subword]")
    assert played.page.get_attribute("[data-unit=subword]", "aria-pressed") == "true"
    assert (played.words(), played.words(1)) == (["▁Hund", "e", "▁bellen", "end"], ["▁Gebell", "end"])
    assert (played.count(), played.now()[0]) == ("2 / 4", "e")
    played.press("ArrowRight")
    played.page.click("[data-unit=word]")
    assert (played.count(), played.now()[0], played.words()) == ("2 / 3", "bellen", ["Hunde", "bellen", "end"])


def test_a_word_a_row_and_the_slider_go_to_their_step(played):
    played.page.locator(".target button").nth(1).click()
    assert played.count() == "2 / 3"
    played.page.locator("section.model").nth(1).locator("tbody tr").first.click()
    assert (played.count(), played.now()) == ("1 / 3", ["Hunde", "Gebell"])
    played.page.fill("#step", "3")
    assert played.count() == "3 / 3"


def test_nothing_was_asked_of_anybody_and_the_browser_did_not_complain(played):
    played.press(" ")
    played.run(9 * PACE_MS)
    assert [url for url in played.asked if not url.startswith("data:")] == [played.address]
    assert played.complaints == []
