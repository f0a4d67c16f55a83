import pytest

from enface.errors import ParamsError
from enface.mapping.chunks import HERE, InProcess, open_mapper


def test_answers_come_in_order_and_as_they_are_asked_for():
    made, asked = [], []

    def make():
        made.append(1)
        return lambda chunk: asked.append(chunk) or chunk * 2

    answers = InProcess().map(make, iter([1, 2, 3]))
    assert (next(answers), asked) == (2, [1])
    assert list(answers) == [4, 6]
    assert made == [1]


def test_here_needs_nothing():
    with open_mapper(HERE) as mapper:
        assert isinstance(mapper, InProcess)


def test_where_ray_is_missing_it_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    told = r"ray: got 'local', but Ray is not installed; install it with: pip install 'enface\[ray\]', or leave it out"
    with pytest.raises(ParamsError, match=told), open_mapper("local"):
        pass
