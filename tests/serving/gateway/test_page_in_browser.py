"""The page in a real Chromium, against a real gateway: what a reader sees, points at, copies and is told."""

import hashlib
import json

import httpx
import pytest

from serving.gateway.errors import RefusedError
from serving.gateway.keys import KeyFile
from tests.serving.gateway.browsing import (
    CHROMIUM,
    CLIPBOARD,
    PHONE,
    WAIT_MS,
    WrittenEngine,
    hypothesis,
    opened,
    side,
)
from tests.serving.gateway.served import served

playwright = pytest.importorskip("playwright.sync_api", reason="there is no Playwright here")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")

TEXT = "Two dogs are playing with a ball in the green park, and a child is watching them."
KEY = "a-key-of-somebody"

SOURCE = "Is the 🎸 in tune?"
SOURCE_SPANS = ((0, 2), (3, 6), (7, 8), (9, 11), (12, 16), (16, 17))
TARGET = "Stimmt die 👩‍🎤-🎸 denn?"
TARGET_SPANS = ((0, 6), (7, 10), (11, 16), (17, 21), (21, 22))
LINKS = ((0, 0), (1, 1), (2, 2), (3, 0), (4, 0), (5, 4))
TELLING = """
window.told = [];
const trouble = document.querySelector("#trouble");
const tell = () => trouble.hidden || window.told.push(
    `${trouble.querySelector(".title").textContent}: ${trouble.querySelector(".text").textContent}`);
new MutationObserver(tell).observe(trouble, {attributes: true, attributeFilter: ["hidden"]});
"""

OTHER = hypothesis("Stimmt sie?", ((0, 6), (7, 10), (10, 11)), ((0, 0), (2, 1), (5, 2)), 6, score=-1.25)
ENTRY = {
    "source": side(SOURCE, *SOURCE_SPANS),
    **hypothesis(TARGET, TARGET_SPANS, LINKS, 6),
    "alternatives": [OTHER],
}


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], timeout=WAIT_MS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def toy(browser, gateway):
    """One page of the toy's gateway, for tests that leave a translation behind and no more."""
    with opened(browser, gateway, permissions=CLIPBOARD) as found:
        yield found


@pytest.fixture
def written(browser, manifest):
    """The page of a gateway whose links cross, are many to one, and whose text has characters of two units."""
    with served(WrittenEngine(manifest, ENTRY)) as gateway, opened(browser, gateway) as found:
        found.write(SOURCE)
        yield found


def answer_of(gateway, **request):
    return httpx.post(f"{gateway.address}/v1/translate", json=request, trust_env=False, timeout=60).json()


def test_a_pause_in_writing_is_translated(toy):
    toy.page.click("#text")
    toy.page.keyboard.type("Two dogs.")
    toy.wait()
    assert toy.page.text_content("#target-words") == "Two dogs."
    assert toy.page.text_content("#said") == "Two dogs."
    assert toy.page.get_attribute("#said", "aria-live") == "polite"
    assert toy.page.text_content("#source-language") == "English"
    for selector, language in (("#text", "en"), ("#source-words", "en"), ("#target-words", "de"), ("#said", "de")):
        assert toy.page.get_attribute(selector, "lang") == language
    assert toy.page.get_attribute("#target-words", "dir") == "ltr"


def test_what_is_shown_is_what_the_api_answers(toy, gateway):
    toy.write(TEXT)
    answer = answer_of(gateway, text=TEXT, n_best=3)
    [entry] = answer["translations"]
    assert toy.words("source") == entry["source"]["tokens"]
    assert toy.words("target") == entry["target"]["tokens"]
    weights = (
        "rows => rows.map((row) => [...row.cells].slice(1).map((cell) => cell.style.getPropertyValue('--weight')))"
    )
    shown = toy.page.eval_on_selector_all("#map tbody tr", weights)
    assert [[float(weight) for weight in row] for row in shown] == entry["alignment"]["matrix"]
    assert toy.page.locator("#readings .reading").count() == 3
    assert toy.page.text_content("#score") == f"Score −{-entry['score']:.2f}"


def test_a_word_of_either_side_lights_its_counterparts(written):
    for name, count, mine in (("source", 6, 0), ("target", 5, 1)):
        other = "target" if name == "source" else "source"
        for place in range(count):
            written.point(name, place)
            linked = sorted(link[1 - mine] for link in LINKS if link[mine] == place)
            assert written.marked("at") == {name: [place], other: []}
            assert written.marked("lit") == {name: [], other: linked}
    assert "linked to nothing" in written.page.locator("#target-words .word").nth(3).get_attribute("aria-description")
    written.page.mouse.move(1, 1)
    assert written.marked("at") == {"source": [], "target": []}


def test_a_cell_of_the_map_lights_its_row_and_its_column(written):
    written.page.locator("#map tbody tr").nth(0).locator("td").nth(4).hover()
    assert written.marked("at") == {"source": [4], "target": [0]}
    assert written.page.text_content("#caption") == "Stimmt ← tune 33 %"
    assert written.page.locator("#map td.link").count() == len(LINKS)


def test_another_reading_has_links_of_its_own(written):
    written.page.locator("#readings input").nth(1).check()
    assert written.page.text_content("#target-words") == "Stimmt sie?"
    assert written.page.text_content("#score") == "Score −1.25"
    assert written.page.locator("#readings .other").all_text_contents() == ["sie?"]
    written.point("source", 2)
    assert written.marked("lit") == {"source": [], "target": [1]}
    assert written.translations_asked() == 1


def test_more_readings_are_asked_for(toy):
    toy.write(TEXT)
    toy.page.select_option("#many", "5")
    toy.page.wait_for_selector("#readings .reading:nth-child(5)")
    toy.page.select_option("#many", "3")
    toy.page.wait_for_selector("#readings .reading:last-child:nth-child(3)")


def test_words_become_subwords_and_words_again(toy, gateway):
    text = "A zebra 🦓 is watching."
    toy.write(text)
    words = toy.words("target")
    toy.page.get_by_text("Subwords", exact=True).click()
    toy.page.wait_for_selector(".by-subword #target-words[aria-busy='false']")
    [entry] = answer_of(gateway, text=text, alignment="subword")["translations"]
    source = toy.page.eval_on_selector_all("#source-words .word", "found => found.map((each) => each.dataset.tokens)")
    spans = entry["source"]["spans"]
    pieces = ["".join(text[slice(*spans[int(token)])] for token in group.split()[-1:]) for group in source]
    assert toy.words("source") == pieces
    assert len(pieces) > len(words)
    assert toy.page.locator("#map thead th").all_text_contents() == entry["source"]["tokens"]
    before = toy.translations_asked()
    toy.page.get_by_text("Words", exact=True).click()
    toy.page.wait_for_selector(".spread:not(.by-subword)")
    assert (toy.words("target"), toy.translations_asked()) == (words, before)


def test_copies(toy, gateway):
    toy.write(TEXT)
    [entry] = answer_of(gateway, text=TEXT, n_best=3)["translations"]
    expected = {
        "text": entry["text"],
        "pharaoh": " ".join(f"{source}-{target}" for source, target in entry["alignment"]["links"]),
    }
    for kind, text in expected.items():
        assert copied(toy, kind) == text
    assert json.loads(copied(toy, "json"))["translations"] == [entry]
    assert toy.page.text_content("#said") == "The answer is copied"


def copied(found, kind):
    button = found.page.locator(f"[data-copy={kind}]")
    button.click()
    found.page.wait_for_selector(f"[data-copy={kind}].done")
    return found.page.evaluate("navigator.clipboard.readText()")


def test_the_keyboard_alone(written):
    page = written.page
    page.focus("#text")
    page.keyboard.press("Tab")
    assert written.marked("at") == {"source": [0], "target": []}
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    assert written.marked("at") == {"source": [4], "target": []}
    assert written.marked("lit") == {"source": [], "target": [0]}
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "Stimmt"
    assert written.marked("lit") == {"source": [0, 3, 4], "target": []}
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.ariaPressed") == "true"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "unit"
    assert written.marked("at") == {"source": [], "target": [0]}, "it is held"
    page.keyboard.press("Escape")
    assert written.marked("at") == {"source": [], "target": []}
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".by-subword")
    for name in ("many", "copy-text", "copy-pharaoh", "copy-json", "map", "reading"):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(({id, name, dataset}) => id || name || `copy-${dataset.copy}`)(document.activeElement)"
        )
        assert focused == name
    page.keyboard.press("ArrowDown")
    assert page.text_content("#target-words") == OTHER["text"]


def test_a_text_that_cannot_be_translated(toy):
    toy.complaints.clear()
    toy.write("a " * 5_001, wait=False)
    title, text = toy.trouble()
    assert title == "This text cannot be translated as it is"
    assert text == "It has 10,002 characters, and may have at most 10,000; send it in smaller parts."
    assert not toy.page.is_visible("#trouble button"), "the same once more would not help"
    assert toy.page.text_content("#amount") == "10,002 of 10,000 characters"
    assert not toy.page.is_visible("#below")
    toy.write("Two dogs.")
    assert not toy.page.is_visible("#trouble")
    assert all("422" in each for each in toy.complaints), "Chromium's own line for the refusal"
    toy.complaints.clear()


def test_it_tries_again_when_the_server_says_that_this_helps(browser, manifest):
    busy = RefusedError(503, "too_busy", "100 requests are being answered", retry_after_s=1)
    often = RefusedError(429, "too_many_requests", "more than 1 requests a second", retry_after_s=1)
    engine = WrittenEngine(manifest, ENTRY, refusals=[busy, often])
    with served(engine) as gateway, opened(browser, gateway, expected=("503", "429")) as found:
        found.page.evaluate(TELLING)
        found.write(SOURCE)
        assert found.page.evaluate("window.told") == [
            "Many people are asking just now: "
            "The server has no place free at the moment. It will be tried again in a second.",
            "A little too fast: "
            "The server answers only so many requests in a while. It will be tried again in a second.",
        ]
        assert not found.page.is_visible("#trouble")
        assert found.page.text_content("#target-words") == TARGET
        assert len(engine.tasks) == 3


def test_a_fault_is_told_with_its_number_and_a_button(browser, manifest):
    fault = RefusedError(500, "internal", "our fault; in the log it is 1")
    with (
        served(WrittenEngine(manifest, ENTRY, refusals=[fault])) as gateway,
        opened(browser, gateway, expected=("500",)) as found,
    ):
        found.write(SOURCE, wait=False)
        title, text = found.trouble()
        assert title == "Something broke on the server"
        assert text.startswith("It is not your text's fault. Its log has the reason under ")
        found.page.get_by_role("button", name="Try again").click()
        found.wait()


def test_a_server_that_is_gone(browser, gateway):
    with opened(browser, gateway, expected=("ERR_INTERNET_DISCONNECTED",)) as found:
        found.page.wait_for_selector("#samples button")
        found.page.context.set_offline(True)
        found.write("Two dogs.", wait=False)
        assert found.trouble()[0] == "The server cannot be reached"


def test_a_key_is_asked_for_and_stays_in_the_tab(browser, manifest, tmp_path):
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    (tmp_path / "keys.txt").write_text(f"somebody {digest}\n", encoding="utf-8")
    with (
        served(WrittenEngine(manifest, ENTRY), keys=KeyFile(tmp_path / "keys.txt")) as gateway,
        opened(browser, gateway, expected=("401",)) as found,
    ):
        page = found.page
        page.get_by_text("This server asks for a key").wait_for()
        page.wait_for_selector("#key-box:focus")
        page.keyboard.type("another")
        page.keyboard.press("Enter")
        page.get_by_text("That key is not known here").wait_for()
        page.fill("#key-box", KEY)
        page.press("#key-box", "Enter")
        page.wait_for_selector("#samples button")
        found.write(SOURCE)
        assert not page.is_visible("#key")
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 1, ""]
        assert not any(KEY in url for _, url in found.asked)
        page.reload()
        page.wait_for_selector("#samples button")
        page.click("#forget")
        assert page.is_visible("#key")
        assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("text", ["two dogs are playing " * 75, "x" * 400], ids=["long", "without a blank"])
def test_a_phone_scrolls_in_one_direction(browser, gateway, text):
    with opened(browser, gateway, **PHONE) as found:
        assert found.fits()
        found.write(text)
        assert found.fits()
        found.page.locator("#target-words .word").first.tap()
        assert found.marked("lit") == {"source": [0], "target": []}
        heights = "['#text', '#source-words'].map((each) => document.querySelector(each).scrollHeight)"
        written, mirrored = found.page.evaluate(heights)
        assert abs(written - mirrored) <= 1, "the text lies over its mirror"


def test_a_text_from_right_to_left(browser, manifest):
    languages = manifest.model_copy(update={"source_language": "ar", "target_language": "en"})
    text = "قطة سوداء"
    entry = {"source": side(text, (0, 3), (4, 9)), **hypothesis("A cat", ((0, 1), (2, 5)), ((1, 0), (0, 1)), 2)}
    with served(WrittenEngine(languages, entry)) as gateway, opened(browser, gateway) as found:
        found.write(text)
        page = found.page
        directions = [page.get_attribute(each, "dir") for each in ("#text", "#source-words", "#target-words", "#map")]
        assert directions == ["rtl", "rtl", "ltr", "rtl"]
        assert page.text_content("#source-language") == "Arabic"
        boxes = [page.locator("#source-words .word").nth(place).bounding_box()["x"] for place in range(2)]
        assert boxes[0] > boxes[1]
        page.focus("#source-words .word")
        page.keyboard.press("ArrowLeft")
        assert found.marked("lit") == {"source": [], "target": [0]}


def test_light_and_dark(browser, gateway):
    with opened(browser, gateway, color_scheme="dark") as found:
        paper = "getComputedStyle(document.body).backgroundColor"
        dark = found.page.evaluate(paper)
        assert found.page.get_attribute("#scheme", "aria-pressed") == "true"
        found.page.click("#scheme")
        light = found.page.evaluate(paper)
        assert light != dark
        found.page.reload()
        assert found.page.evaluate(paper) == light
        found.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        found.page.click("#scheme")
        assert found.page.evaluate(paper) == dark


def test_what_the_policy_forbids_does_not_happen(browser, gateway):
    with opened(browser, gateway, expected=("Trusted", "Content Security Policy")) as found:
        for attempt in (
            "document.body.innerHTML = '<b>a</b>'",
            "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))",
            "document.body.setAttribute('style', 'display: none')",
        ):
            found.page.evaluate(f"() => {{ try {{ {attempt} }} catch {{ }} }}")
        assert found.page.evaluate("[window.ran, getComputedStyle(document.body).display]") == [None, "block"]
        assert found.page.is_visible("h1")


def test_markup_in_a_text_stays_text(toy):
    hostile = "<img src=x onerror=alert(1)> <b>&amp;"
    toy.write(hostile)
    assert toy.page.text_content("#source-words").rstrip("\u200b") == hostile
    assert toy.page.locator("#source-words img, #target-words img, #readings b").count() == 0
