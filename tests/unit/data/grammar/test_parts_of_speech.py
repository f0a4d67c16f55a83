import pytest

from enface.data.grammar.generate import generate
from enface.data.grammar.lexicon.parts_of_speech import PARTS_OF_SPEECH, parts_of_speech


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", {"king": "noun", "women": "noun", "Anna": "noun", "sleeping": "verb", "ran": "verb", "red": "adjective",
                "quietly": "adverb", "Today": "adverb"}),
        ("de", {"Königin": "noun", "Mannes": "noun", "schläft": "verb", "anzuziehen": "verb", "roten": "adjective",
                "heute": "adverb"}),
        ("fr", {"reine": "noun", "rois": "noun", "dort": "verb", "dormi": "verb", "vertes": "adjective",
                "souvent": "adverb"}),
    ],
)  # fmt: skip
def test_forms_of_words_have_their_part_of_speech(language, wanted):
    found = parts_of_speech(language)
    assert {word: found.get(word) for word in wanted} == wanted
    assert set(found.values()) == set(PARTS_OF_SPEECH)


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_small_words_have_none(language):
    found = parts_of_speech(language)
    small = {"en": ["the", "is", "and", "she"], "de": ["der", "ist", "und", "sie"], "fr": ["le", "est", "et", "elle"]}
    assert [word for word in small[language] if word in found] == []


def test_most_of_what_is_said_is_known():
    """Of the words of made sentences, those that are missing are small ones, of which there are few."""
    known = parts_of_speech("en")
    pairs = generate(target_language="de", seed=3, sizes={"train": 300})
    words = {word.strip(".,?") for _, pair in pairs for word in pair.source.split()}
    assert len([word for word in words if word not in known]) < 130


def test_another_language_has_none():
    assert parts_of_speech("cs") == {}
