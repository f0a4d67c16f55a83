import pytest
from rich.cells import cell_len

from enface.cli.drawing import draw, listed, printable

SOURCE = ["a", "red", "coat"]
TARGET = ["ein", "roter", "Mantel"]
MATRIX = [[0.9, 0.08, 0.02], [0.0, 0.5, 0.3], [0.0, 0.25, 0.75]]
LINKS = [(0, 0), (1, 1), (2, 2)]


def picture(width, source=SOURCE, target=TARGET, matrix=MATRIX, links=LINKS):
    return draw(source, target, matrix=matrix, links=links, width=width).plain


def test_words_stand_above_the_columns_where_there_is_room():
    assert picture(80).splitlines() == [
        "         a  red coat",
        "ein     [█]  ░    ·",
        "roter    ·  [▓]   ▒",
        "Mantel   ·   ▒   [█]",
    ]


def test_words_stand_upright_where_it_is_narrow():
    assert picture(17).splitlines() == [
        "               c",
        "            r  o",
        "            e  a",
        "         a  d  t",
        "ein     [█] ░  ·",
        "roter    · [▓] ▒",
        "Mantel   ·  ▒ [█]",
    ]


def test_columns_of_two_cells_where_it_is_narrower():
    assert picture(14).splitlines()[4:] == ["ein     █●░░·", "roter   · ▓●▒▒", "Mantel  · ▒▒█●"]


def test_the_links_alone_where_nothing_fits():
    assert picture(13).splitlines() == ["a → ein  0.90", "red → roter  0.50", "coat → Mantel  0.75"]


def test_a_word_without_a_link_comes_from_nothing():
    lines = listed(SOURCE, TARGET, matrix=MATRIX, links=[(1, 2), (2, 2)]).plain.splitlines()
    assert lines == ["∅ → ein", "∅ → roter", "red → Mantel  0.25", "coat → Mantel  0.75"]


def test_links_as_json_gives_them_are_marked_too():
    assert picture(80, links=[list(link) for link in LINKS]) == picture(80)


@pytest.mark.parametrize("width", [20, 27, 30, 40, 60, 80])
def test_no_line_is_wider_than_the_terminal(width):
    source = ["日本", "の", "👩\u200d🚀", "incomprehensibilities", "re\u0301d"]
    target = ["東京", "Donaudampfschifffahrtsgesellschaftskapitän"]
    drawn = picture(width, source, target, [[0.2] * 5] * 2, [(0, 0)]).splitlines()
    assert max(map(cell_len, drawn)) <= width
    assert not drawn[0].startswith("日")


def test_wide_characters_keep_the_columns_straight():
    lines = picture(80, ["日本", "a"], ["東京", "b"], [[1, 0], [0, 1]], [(0, 0), (1, 1)]).splitlines()
    assert lines == ["      日本  a", "東京   [█]  ·", "b       ·  [█]"]


HEBREW = ["אישה", "קוראת", "עיתון"]


def unmarked(text):
    return text.replace("\u200e", "")


def test_source_words_that_are_read_from_the_right_have_their_columns_so():
    wide, narrow = (picture(width, HEBREW, ["a", "woman"], MATRIX[:2], LINKS[:2]) for width in (80, 17))
    assert unmarked(wide).splitlines() == [
        "       עיתון קוראת אישה",
        "a        ·     ░    [█]",
        "woman    ▒    [▓]    ·",
    ]
    assert [line.split() for line in unmarked(narrow).splitlines()][-3:] == [
        ["ן", "ת", "ה"],
        ["a", "·", "░", "[█]"],
        ["woman", "▒", "[▓]", "·"],
    ]


def test_words_that_a_terminal_turns_are_kept_in_their_places():
    source, target = picture(80, HEBREW, ["a"], MATRIX[:1], []), picture(80, ["a"], HEBREW, [[1.0]] * 3, [])
    for word in HEBREW:
        assert f"\u200e{word}\u200e" in source
        assert f"\u200e{word}" in target
    assert "\u200e" not in picture(80)
    listing = listed(HEBREW, HEBREW, matrix=[[1.0, 0, 0]], links=[(1, 0)]).plain.splitlines()[0]
    assert listing == f"\u200e{HEBREW[1]}\u200e → \u200e{HEBREW[0]}\u200e  0.00"


def test_long_upright_words_are_cut():
    lines = picture(20, ["incomprehensibilities", "abcdefghijklm"], ["x"], [[1, 0]], []).splitlines()
    assert len(lines) == 13
    assert lines[11].split() == ["…", "…"]


def test_nothing_to_draw():
    assert picture(80, [], TARGET, [[], [], []], []) == "(nothing to align)"
    assert picture(80, SOURCE, [], [], []) == "(nothing to align)"


def test_no_text_can_steer_the_terminal():
    assert printable("a\x1b[31m\u202eb\x07\u2028") == "a�[31m�b��"
    assert printable("می\u200cخواند") == "می\u200cخواند"
    assert printable("👩\u200d🚀 é e\u0301 日本") == "👩\u200d🚀 é e\u0301 日本"
    evil = picture(80, ["\x1b[2J", "red", "coat"])
    assert "\x1b" not in evil
    assert "\x1b" not in picture(13, ["\x1b[2J", "red", "coat"])
