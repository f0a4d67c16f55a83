import pytest

from serving.gateway.errors import RefusedError
from serving.gateway.limits import Places, Rates


def test_a_place_is_taken_and_given_back():
    places = Places(1)
    places.take()
    with pytest.raises(RefusedError, match="1 requests are being answered or wait for it; try again"):
        places.take()
    places.give_back()
    places.take()
    assert places.taken == 1


def test_a_rate_allows_twice_as_many_at_once_and_then_one_by_one():
    now = [0.0]
    rates = Rates(2, clock=lambda: now[0])
    for _ in range(4):
        rates.take("a")
    for client, wait in (("a", 1), ("a", 1)):
        with pytest.raises(RefusedError, match="more than 2 requests a second; try again in 1 s") as caught:
            rates.take(client)
        assert caught.value.retry_after_s == wait
    rates.take("b")
    now[0] += 0.5
    rates.take("a")
    with pytest.raises(RefusedError):
        rates.take("a")
    now[0] += 1000
    for _ in range(4):
        rates.take("a")
    with pytest.raises(RefusedError):
        rates.take("a")


def test_without_a_rate_any_number_is_taken():
    rates = Rates(0)
    for _ in range(1000):
        rates.take("a")
