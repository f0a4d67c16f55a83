"""A page in Debian's Chromium, watched: no test, but what the tests of the page look through."""

import contextlib
import shutil
from collections.abc import Iterator

from serving.bodies import to_json
from tests.serving.gateway.served import HeldEngine

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
WAIT_MS = 60_000
CLIPBOARD = ["clipboard-read", "clipboard-write"]


class Opened:
    """The page of a gateway, with what it asked for and what the browser said of it."""

    def __init__(self, page, address):
        self.page = page
        self.asked = []
        self.complaints = []
        page.on("request", lambda request: self.asked.append((request.method, request.url.removeprefix(address))))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{address}/")

    def translations_asked(self):
        return sum(url == "/v1/translate/stream" for _, url in self.asked)

    def write(self, text, *, wait=True):
        """Writes the text and has it translated at once."""
        self.page.fill("#text", text)
        self.page.press("#text", "Control+Enter")
        if wait:
            self.wait()

    def wait(self):
        """Until the answer is there, whole; a selector waits where the policy lets no script be made from a string."""
        self.page.wait_for_selector(".spread:has(#target-words[aria-busy='false']):has(#score:not(:empty))")

    def words(self, side):
        """The texts of a side's words."""
        return self.page.locator(f"#{side}-words .word").all_text_contents()

    def marked(self, kind):
        """The tokens that are `at` or `lit`, of both sides."""
        return {
            side: self.page.eval_on_selector_all(
                f"#{side}-words .word.{kind}",
                "found => found.flatMap((each) => each.dataset.tokens.split(' ').map(Number))",
            )
            for side in ("source", "target")
        }

    def point(self, side, place):
        """Moves the mouse onto a word."""
        box = self.page.locator(f"#{side}-words .word").nth(place).bounding_box()
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def trouble(self):
        """What the page says went wrong, once it does."""
        shown = self.page.locator("#trouble")
        shown.wait_for()
        return shown.locator(".title").text_content(), shown.locator(".text").text_content()

    def fits(self):
        """Whether nothing of the page stands beside the window."""
        return self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@contextlib.contextmanager
def opened(browser, gateway, *, expected=(), **options) -> Iterator[Opened]:
    """The page, opened; at the end nothing may have been asked of others, nor the browser have complained.

    Args:
        browser: of Playwright.
        gateway: whose page it is.
        expected: parts of complaints that belong to the test.
        options: of the browser's context.
    """
    context = browser.new_context(**DESKTOP | options)
    context.set_default_timeout(WAIT_MS)
    try:
        found = Opened(context.new_page(), gateway.address)
        yield found
        elsewhere = [url for _, url in found.asked if not url.startswith("/")]
        assert not elsewhere, elsewhere
        complaints = [each for each in found.complaints if not any(part in each for part in expected)]
        assert not complaints, complaints
    finally:
        context.close()


class WrittenEngine(HeldEngine):
    """An engine that answers every text with the same entry, or refuses first, as often as it was told."""

    def __init__(self, manifest, entry, *, refusals=()):
        super().__init__(manifest)
        self.go.set()
        self.entry = entry
        self.refusals = list(refusals)
        self.tasks = []

    async def answer(self, task, request_id):
        self.tasks.append(task)
        if self.refusals:
            raise self.refusals.pop(0)
        languages = {"source_language": self.manifest.source_language, "target_language": self.manifest.target_language}
        model = {"name": "toy", "version": "1"} | languages
        begun = {name: self.entry[name] for name in ("source", "target", "alignment")}
        return 200, to_json({"model": model, "translations": [begun | {"translation": self.entry}]})


def side(text, *spans):
    """A side's tokens, by their spans in code points."""
    return {"tokens": [text[start:end] for start, end in spans], "spans": [list(span) for span in spans]}


def hypothesis(text, spans, links, columns, score=-0.5):
    """A hypothesis whose rows are even over what they are linked to."""
    rows = [[source for source, target in links if target == row] or range(columns) for row in range(len(spans))]
    matrix = [[(column in row) / len(row) for column in range(columns)] for row in rows]
    alignment = {"matrix": matrix, "links": [list(link) for link in links]}
    return {"text": text, "score": score, "target": side(text, *spans), "alignment": alignment}
