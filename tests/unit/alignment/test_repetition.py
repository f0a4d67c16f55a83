import pytest
from hypothesis import given
from hypothesis import strategies as st

from enface.alignment.repetition import loops


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("a b c d", []),
        ("the the dog", []),
        ("the The the dog", [(0, 3)]),
        ("ein Hund ein Hund rennt", [(0, 4)]),
        ("x a b c a b c a b", [(1, 9)]),
        ("a a a x b c b c", [(0, 3), (4, 8)]),
        ("a a a b a a a b x", [(0, 8)]),
        ("1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8", [(0, 16)]),
        ("", []),
    ],
)
def test_what_is_said_again_and_again(target, found):
    assert loops(target.split(), ["x"]) == found


def test_what_the_source_says_as_often_is_no_loop():
    assert loops(["ha", "ha", "ha"], ["ho", "ho", "ho"]) == []
    assert loops(["ha", "ha", "ha", "ha"], ["ho", "ho", "ho"]) == [(0, 4)]
    assert loops(["sehr", ",", "sehr", ",", "gut"], ["very", ",", "very", ",", "good"]) == []


@given(st.lists(st.sampled_from("abc"), max_size=30))
def test_loops_lie_in_the_text_and_not_in_each_other(tokens):
    found = loops(tokens, [])
    assert all(0 <= first < last <= len(tokens) for first, last in found)
    assert not any(a != b and a[0] <= b[0] and b[1] <= a[1] for a in found for b in found)
