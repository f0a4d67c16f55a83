"""The page as a file; what a browser makes of it is in test_page.py."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from enface.explaining.document import as_json, page, write_page
from enface.explaining.explanation import make_side
from tests.unit.explaining import made

HOSTILE = "</script><script>alert(1)</script><!-- {{script}} &amp; \u2028"


class Elements(HTMLParser):
    """All elements with their attributes, and the text inside of title, style and scripts."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.found, self.inside = [], {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data):
        tag, attributes = self.found[-1] if self.found else ("", {})
        if tag in ("script", "style", "title") and data.strip():
            name = attributes.get("id", tag)
            self.inside[name] = self.inside.get(name, "") + data

    def all(self, tag):
        return [attributes for found, attributes in self.found if found == tag]


def values(**changes):
    explained = [made.explained(made.explanation(made.model(**kind)), name) for name, kind in changes.items()]
    return as_json(explained or [made.explained()], languages=("en", "de"))


def hostile():
    found = made.by_hand()
    side = make_side(HOSTILE, ["▁do", "gs", "▁bark"], [(0, 9), (9, 30), (31, 60)], ended=True)
    object.__setattr__(found, "source", side)
    return as_json([made.explained(found, HOSTILE)], languages=("en", "de"))


def test_the_values_are_json_with_null_out_of_reach():
    plain = json.loads(json.dumps(values(), allow_nan=False))
    assert plain["source"] == "dogs bark"
    assert plain["languages"] == {"source": "en", "target": "de"}
    (model,) = plain["models"]
    assert model["target"] == {"text": "Hunde bellen", "ended": True, "right_to_left": False}
    assert (model["name"], model["score"], model["aligning"]) == ("by hand", -0.25, 0)
    assert model["word"]["source"] == ["dogs", "bark", "</s>"]
    assert model["subword"]["steps"][1]["candidates"] == [
        {"piece": "n", "probability": 0.6, "chosen": False},
        {"piece": "e", "probability": 0.4, "chosen": True},
    ]
    (looking,) = model["subword"]["lookings"]
    assert looking["weights"][2] == [0, 0, 1, 0]
    assert looking["scores"][2] == [None, None, 0, None]
    assert looking["centres"] == [0, 1, 2, 3]
    assert [len(looking[name][0]) for name in ("states", "contexts")] == [8, 8]


def test_every_view_of_every_variant_fits_together():
    made_of = values(
        additive={},
        none={"score": "none"},
        local={"window": "local_predictive"},
        transformer={"network": "transformer"},
    )
    for model in made_of["models"]:
        for unit in ("word", "subword"):
            view = model[unit]
            for looking in view["lookings"]:
                for name in ("weights", "scores"):
                    assert {len(row) for row in looking[name]} == {len(view["source"])}
                    assert len(looking[name]) == len(view["steps"])
                assert (len(looking["states"]), len(looking["contexts"])) == (len(view["source"]), len(view["steps"]))
            assert model["aligning"] < len(view["lookings"])
    json.dumps(made_of, allow_nan=False)


def test_the_page_holds_exactly_the_values():
    given = values()
    elements = Elements(page(given))
    assert json.loads(elements.inside["explained"]) == given
    assert elements.inside["title"] == "Enface explains: dogs bark"


def test_no_text_of_a_sentence_becomes_html_or_part_of_the_template():
    given = hostile()
    text = page(given)
    elements, harmless = Elements(text), Elements(page(values()))
    assert [tag for tag, _ in elements.found] == [tag for tag, _ in harmless.found]
    assert json.loads(elements.inside["explained"]) == given
    assert without_values(text) == without_values(page(values()))
    embedded = re.search(r'id="explained">(.*?)</script>', text, re.DOTALL)[1]
    assert not set(embedded) & set("<>&\u2028\u2029")


def without_values(text):
    """The page but for its title and its data, where alone a sentence may be."""
    return re.sub(r'(<title>|id="explained">).*?(</title>|</script>)', r"\1\2", text, flags=re.DOTALL)


def test_the_policy_allows_the_pages_own_script_and_style_and_nothing_else():
    elements = Elements(page(hostile()))
    (policy,) = [meta["content"] for meta in elements.all("meta") if "http-equiv" in meta]
    style, script = (f"'sha256-{hashed(elements.inside[name])}'" for name in ("style", "script"))
    assert policy == f"default-src 'none'; img-src data:; style-src {style}; script-src {script}"


def hashed(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_nothing_is_loaded_from_elsewhere():
    text = page(values())
    elements = Elements(text)
    addresses = [attributes[name] for _, attributes in elements.found for name in ("src", "href") if name in attributes]
    assert addresses == ["data:,"]
    assert set(re.findall(r"\w+://[^\s\"')]+", text)) == {"http://www.w3.org/2000/svg"}, "a name, not an address"
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|innerHTML|insertAdjacentHTML|eval\(", text)
    assert not any(name.startswith("on") or name == "style" for _, found in elements.found for name in found)


def test_the_page_can_be_heard_and_steered_without_a_mouse():
    text = page(values())
    elements = Elements(text)
    assert elements.all("html") == [{"lang": "en"}]
    by_id = {found["id"]: found for _, found in elements.found if "id" in found}
    for name in ("first", "back", "play", "forward", "step"):
        assert by_id[name]["aria-label"]
    assert by_id["said"]["role"] == "status"
    assert "prefers-reduced-motion" in elements.inside["style"]
    assert "prefers-reduced-motion" in elements.inside["script"]
    assert "prefers-color-scheme: dark" in elements.inside["style"]
    assert elements.all("noscript")


def test_every_id_that_the_script_asks_for_is_there():
    elements = Elements(page(values()))
    ids = {found["id"] for _, found in elements.found if "id" in found}
    asked = re.findall(r"(?:\bby|copy|getElementById)\(\"([\w-]+)\"\)", elements.inside["script"])
    assert set(asked) <= ids
    assert len(asked) > 10


def test_the_page_is_written_whole_and_equal_values_make_equal_pages(tmp_path):
    write_page(tmp_path / "deep" / "page.html", values())
    assert (tmp_path / "deep" / "page.html").read_text(encoding="utf-8") == page(values())
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["page.html"]


def test_a_page_that_cannot_be_made_leaves_the_old_one(tmp_path):
    (tmp_path / "page.html").write_text("old")
    with pytest.raises(KeyError):
        write_page(tmp_path / "page.html", {})
    assert (tmp_path / "page.html").read_text() == "old"
