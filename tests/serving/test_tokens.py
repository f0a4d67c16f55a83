"""TorchServe's tokens, with a stand-in that keeps them as it does; test_torchserve has the real one."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from enface.errors import ServingError
from serving.tokens import KEY_FILE, TokenAuth, was_refused

MANAGEMENT = "http://127.0.0.1:8081"
INFERENCE = "http://127.0.0.1:8080/predictions/enface"


class StandIn:
    """Answers who has the token, renews for who has the third one, and writes the file."""

    def __init__(self, folder, lifetime):
        self.file = folder / KEY_FILE
        self.lifetime = lifetime
        self.number = 0
        self.asked = []
        self.renew()

    def renew(self):
        self.number += 1
        end = (datetime.now(UTC) + self.lifetime).isoformat().replace("+00:00", "Z")
        token = {"key": f"token-{self.number}", "expiration time": end}
        tokens = {"inference": token, "management": token, "API": {"key": "renewer"}}
        draft = self.file.with_suffix(".new")
        draft.write_text(json.dumps(tokens))
        draft.rename(self.file)

    def __call__(self, request):
        token = request.headers["Authorization"].removeprefix("Bearer ")
        self.asked.append((request.url.path, token))
        if request.url.path == "/token":
            assert token == "renewer"
            self.renew()
            return httpx.Response(200)
        if token != f"token-{self.number}":
            return httpx.Response(400, json={"code": 400, "type": "InvalidKeyException"})
        return httpx.Response(200, json={})


@pytest.fixture
def made(tmp_path):
    def make(lifetime_min):
        server = StandIn(tmp_path, timedelta(minutes=lifetime_min))
        auth = TokenAuth(tmp_path, MANAGEMENT, "inference")
        return server, httpx.Client(transport=httpx.MockTransport(server), auth=auth)

    return make


def test_a_fresh_token_is_sent_as_it_is(made):
    server, client = made(60)
    assert client.get(INFERENCE).is_success
    assert server.asked == [("/predictions/enface", "token-1")]


@pytest.mark.parametrize("lifetime_min", [14, -60])
def test_one_that_ends_soon_or_has_ended_is_renewed_first(made, lifetime_min):
    server, client = made(lifetime_min)
    server.lifetime = timedelta(minutes=60)
    assert client.get(INFERENCE).is_success
    assert client.get(INFERENCE).is_success
    assert [path for path, _ in server.asked] == ["/token", "/predictions/enface", "/predictions/enface"]
    assert server.asked[-1][1] == "token-2"


def test_a_request_that_crosses_a_renewal_is_sent_again(made):
    server, client = made(60)
    client.get(INFERENCE)

    def renewed_on_the_way(request):
        if len(server.asked) == 1:
            server.renew()
        return server(request)

    client._transport = httpx.MockTransport(renewed_on_the_way)
    assert client.get(INFERENCE).is_success
    assert [token for _, token in server.asked] == ["token-1", "token-1", "token-2"]


def test_one_refused_before_the_new_one_is_in_the_file_stays_refused(made):
    server, client = made(60)
    server.number += 1
    answer = client.get(INFERENCE)
    assert was_refused(answer.status_code, answer.content)
    assert len(server.asked) == 1


def test_a_file_half_written_changes_nothing(made):
    server, client = made(60)
    client.get(INFERENCE)
    server.file.write_text('{"inference": {"ke')
    assert client.get(INFERENCE).is_success


@pytest.mark.parametrize("content", [None, "", "{}"])
def test_without_tokens_it_says_where_they_should_be(tmp_path, content):
    if content is not None:
        (tmp_path / KEY_FILE).write_text(content)
    client = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200)))
    with pytest.raises(ServingError, match=r"key_file\.json: not there yet, or no tokens of TorchServe"):
        client.get(INFERENCE, auth=TokenAuth(tmp_path, MANAGEMENT, "inference"))
