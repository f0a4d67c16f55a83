import hashlib
import logging
import os

import httpx
import pytest

from enface.errors import ParamsError
from serving.gateway.keys import KeyFile
from serving.gateway.limits import Limits
from tests.serving.gateway.served import HeldEngine, refusal, served

KEY, OTHER = "9Qz-key-of-the-website", "key-of-the-app"


def line(name, key):
    return f"{name} {hashlib.sha256(key.encode()).hexdigest()}\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "keys.txt"
    path.write_text("# keys\n\n" + line("website", KEY) + line("app@phone", OTHER).replace("\n", "  # since May\n"))
    return path


def test_a_key_has_the_name_beside_its_hash(file):
    keys = KeyFile(file)
    assert (keys.name_of(KEY), keys.name_of(OTHER)) == ("website", "app@phone")
    assert [
        keys.name_of(wrong) for wrong in ("", KEY + "x", hashlib.sha256(KEY.encode()).hexdigest(), "é\ud800\udc80")
    ] == [None] * 4


def test_a_changed_file_is_taken_over_and_a_broken_one_is_not(file, caplog):
    keys = KeyFile(file)
    rewrite(file, line("new", "another"))
    assert (keys.name_of("another"), keys.name_of(KEY)) == ("new", None)
    for broken in ("nonsense", None):
        rewrite(file, broken)
        assert keys.name_of("another") == "new"
        assert keys.name_of("another") == "new"
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2
    assert caplog.messages[0].endswith("the keys that it had before hold on")
    rewrite(file, line("late", "last"))
    assert keys.name_of("last") == "late"


def rewrite(file, content):
    if content is None:
        file.unlink()
        return
    draft = file.with_suffix(".new")
    draft.write_text(content)
    draft.rename(file)
    os.utime(file, ns=(file.stat().st_mtime_ns,) * 2)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("# none\n", "has no key; need a line with a name and the SHA-256 of its key"),
        ("website " + "0" * 63, "line 1: need a name and the SHA-256 of its key in 64 hexadecimal digits"),
        ("\n" + "f" * 64, "line 2: need a name and"),
    ],
)
def test_a_file_that_is_none(tmp_path, content, message):
    path = tmp_path / "keys.txt"
    path.write_text(content)
    with pytest.raises(ParamsError) as caught:
        KeyFile(path)
    assert str(caught.value).startswith(f"{path}{' ' if message.startswith('line') else ': '}{message}")
    with pytest.raises(ParamsError, match="cannot be read as a file of keys: FileNotFoundError"):
        KeyFile(tmp_path / "nothing")


@pytest.fixture
def guarded(manifest, file):
    engine = HeldEngine(manifest)
    engine.go.set()
    with (
        served(engine, keys=KeyFile(file), limits=Limits(rate_per_s=0.5)) as gateway,
        httpx.Client(base_url=gateway.address, trust_env=False) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/translate", {"text": "a"}),
        ("/v1/translate/stream", {"text": "a"}),
        ("/v1/align", {"source": "a", "target": "b"}),
        ("/v2/models/enface/infer", {}),
        ("/translate", {"q": "a", "source": "en", "target": "de"}),
    ],
)
def test_without_a_key_nothing_is_translated(guarded, path, body):
    for headers in ({}, {"Authorization": f"Bearer {KEY}x"}, {"Authorization": f"Basic {KEY}"}, {"X-API-Key": ""}):
        answer = guarded.post(path, json=body, headers=headers)
        message = refusal(answer, 401, "unauthorized")
        assert message == "no key that is known; send one as Authorization: Bearer KEY, or as X-API-Key"
        assert answer.headers["www-authenticate"] == "Bearer"
    assert guarded.get("/v1/models").status_code == 401


@pytest.mark.parametrize("headers", [{"Authorization": f"bearer  {KEY}"}, {"X-API-Key": KEY}])
def test_with_its_key_each_client_has_its_own_rate(guarded, headers):
    assert guarded.post("/v1/translate", json={"text": "a"}, headers=headers).status_code == 200
    answer = guarded.post("/v1/translate", json={"text": "a"}, headers=headers)
    assert refusal(answer, 429, "too_many_requests") == "more than 0.5 requests a second; try again in 2 s"
    assert answer.headers["retry-after"] == "2"
    assert guarded.post("/v1/translate", json={"text": "a"}, headers={"X-API-Key": OTHER}).status_code == 200


def test_probes_documents_and_figures_need_none(guarded):
    for path in ("/healthz", "/readyz", "/v2/health/live", "/v2/health/ready", "/metrics", "/docs", "/openapi.json"):
        assert guarded.get(path).status_code == 200


def test_the_key_in_the_body_is_libretranslates(guarded):
    body = {"q": [], "source": "en", "target": "de"}
    assert guarded.post("/translate", json=body | {"api_key": "wrong"}).status_code == 401
    assert guarded.post("/translate", json=body | {"api_key": OTHER}).status_code == 422
    assert guarded.post("/translate", json=body | {"api_key": 5}).status_code == 422


@pytest.mark.parametrize("name", ["Authorization", "X-API-Key"])
def test_a_key_may_have_any_letters(guarded, file, name):
    rewrite(file, line("website", "schlüssel"))
    sent = ("Bearer " if name == "Authorization" else "") + "schlüssel"
    answer = guarded.post("/v1/translate", json={"text": "a"}, headers={name: sent.encode()})
    assert answer.status_code == 200
