import pytest

from enface import errors

BRANCHES = [
    errors.ParamsError,
    errors.DataError,
    errors.TrainingError,
    errors.ExportError,
    errors.BundleError,
    errors.RequestError,
    errors.ServingError,
]


@pytest.mark.parametrize("branch", BRANCHES)
def test_every_branch_is_one_step_from_the_root(branch):
    assert branch.__bases__ == (errors.EnfaceError,)
    assert str(branch("the message")) == "the message"


def test_the_drawn_tree_names_every_error():
    found = {value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)}
    assert found == {errors.EnfaceError, *BRANCHES}
    assert all(f" {branch.__name__} " in errors.__doc__ for branch in BRANCHES)


def test_the_root_is_an_ordinary_exception():
    assert errors.EnfaceError.__bases__ == (Exception,)
