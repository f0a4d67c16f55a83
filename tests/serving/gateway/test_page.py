"""The page as the gateway sends it: its files, their headers, and what there is not."""

import re
from pathlib import Path

import httpx
import pytest

from serving.gateway.keys import KeyFile
from tests.serving.gateway.served import HeldEngine, refusal, served

FOLDER = Path(__file__).parents[3] / "serving" / "page"
FILES = sorted(FOLDER.iterdir())
NAMES = [path.name for path in FILES if path.name != "index.html"]
TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}


def policy(answer):
    """The directives of an answer's content security policy."""
    parts = (part.split() for part in answer.headers["content-security-policy"].split(";"))
    return {name: values for name, *values in parts}


def test_the_page_and_each_of_its_files_is_what_stands_in_the_folder(client):
    sent = {path: client.get("/" if path.name == "index.html" else f"/page/{path.name}") for path in FILES}
    for path, answer in sent.items():
        assert answer.status_code == 200, path
        assert answer.content == path.read_bytes(), path
        assert answer.headers["content-type"].partition(";")[0] == TYPES[path.suffix], path


@pytest.mark.parametrize("path", ["/", "/page/main.js", "/page/icon.svg"])
def test_a_browser_may_take_nothing_from_elsewhere_and_nothing_that_stands_within(client, path):
    answer = client.get(path)
    directives = policy(answer)
    own = {name for name, values in directives.items() if values == ["'self'"]}
    assert own == {"script-src", "style-src", "img-src", "connect-src"}
    for name in ("default-src", "form-action", "base-uri", "frame-ancestors", "trusted-types"):
        assert directives[name] == ["'none'"]
    assert directives["require-trusted-types-for"] == ["'script'"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["x-request-id"]


def test_an_answer_of_the_api_keeps_its_own_policy(client):
    assert policy(client.get("/v1/models")) == {"default-src": ["'none'"], "frame-ancestors": ["'none'"]}


@pytest.mark.parametrize("mark", ["{}", "W/{}", '"other", {}', "*"])
def test_what_a_browser_has_already_is_not_sent_again(client, mark):
    first = client.get("/page/main.js")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/page/main.js", headers={"If-None-Match": mark.format(first.headers["etag"])})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert policy(again) == policy(first)


def test_another_tag_is_answered_with_the_file(client):
    assert client.get("/", headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get("/").headers["etag"] != client.get("/page/main.js").headers["etag"]


def test_a_head_without_a_body(client):
    answer = client.head("/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) == len(client.get("/").content)


@pytest.mark.parametrize(
    "path",
    [
        "/page/",
        "/page/index.html",
        "/page/none.js",
        "/page/Main.js",
        "/page/..%2fgateway%2fpage.py",
        "/page/%2e%2e/gateway/page.py",
        "/page/..%5cbodies.py",
        "/page/%2fetc%2fpasswd",
        "/page/main.js%00.css",
        "/page//main.js",
    ],
)
def test_there_is_nothing_else(gateway, path):
    connection = gateway.connect()
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b'"code":"not_found"' in answer


def test_it_cannot_be_posted_to(client):
    refusal(client.post("/", content=b"a"), 405, "method_not_allowed")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_names_no_other_place_and_holds_nothing_that_the_policy_forbids(path):
    text = path.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.search(r"\b(?:https?|wss?|data|javascript|blob):\S", text)
    assert not re.search(r"[\"'(]//", text), "an address without a scheme"
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\bstyle=|\son\w+=", text), "within the page"
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text)
    assert not re.search(r"@import|url\(", text)


def test_all_that_the_files_name_is_there():
    index = (FOLDER / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r'(?:src|href)="page/([^"]+)"', index))
    for path in FOLDER.glob("*.js"):
        named |= set(re.findall(r'from "\./([^"]+)"', path.read_text(encoding="utf-8")))
    assert named == set(NAMES)


def test_what_a_script_looks_up_stands_in_the_page():
    index = (FOLDER / "index.html").read_text(encoding="utf-8")
    there = set(re.findall(r'\bid="([^"]+)"', index))
    for path in FOLDER.glob("*.js"):
        assert set(re.findall(r'\bfind\("([^"]+)"\)', path.read_text(encoding="utf-8"))) <= there, path.name
    assert set(" ".join(re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', index)).split()) <= there


def test_every_script_and_style_says_what_it_is_about():
    for path in FILES:
        if path.suffix in (".css", ".js"):
            assert path.read_text(encoding="utf-8").startswith("/* "), path.name


def test_keys_guard_the_api_and_not_the_page(manifest, tmp_path):
    (tmp_path / "keys.txt").write_text(f"someone {'a' * 64}\n", encoding="utf-8")
    with (
        served(HeldEngine(manifest), keys=KeyFile(tmp_path / "keys.txt")) as gateway,
        httpx.Client(base_url=gateway.address, trust_env=False) as client,
    ):
        assert [client.get(path).status_code for path in ("/", "/page/main.js")] == [200, 200]
        refusal(client.get("/v1/models"), 401, "unauthorized")


def test_it_is_counted_by_its_route_and_stands_in_no_document(gateway, client):
    client.get("/page/map.js")
    assert gateway.figure('enface_requests_total{route="/page/{name}",status="200"}') >= 1
    assert not any(path == "/" or path.startswith("/page") for path in gateway.app.openapi()["paths"])
