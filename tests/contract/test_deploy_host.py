"""The files for a machine without containers: nginx in front of the gateway, and systemd that keeps it running."""

import configparser
import json
import re
import shlex
import shutil
import subprocess

import pytest

from serving.answering import MAX_BODY_BYTES
from serving.gateway.limits import Limits
from serving.gateway.running import _DRAIN_MORE_S, _KEEP_ALIVE_S
from tests.contract.deploying import DEPLOY, faults_of_words, routes, seconds, serve_options, words_of_serving

NGINX = (DEPLOY / "nginx.conf").read_text()
UNIT = (DEPLOY / "enface.service").read_text()


def directives(text: str) -> dict[str, dict[str, str]]:
    """The directives of each block by its heading, those outside under ""; blocks inside take over what is around."""
    found: dict[str, dict[str, str]] = {"": {}}
    open_blocks = [""]
    bare = re.sub(r"(^|\s)#.*", "", text)
    for words, end in re.findall(r"((?:'[^']*'|\"[^\"]*\"|[^;{}'\"])*)([;{}])", bare):
        words = " ".join(words.split())
        if end == "{":
            name = f"{words} {sum(key.startswith(words) for key in found)}" if words in found else words
            found[name] = dict(found[open_blocks[-1]])
            open_blocks.append(name)
        elif end == "}":
            open_blocks.pop()
        else:
            name, _, rest = words.partition(" ")
            found[open_blocks[-1]][name] = rest
    return found


def faults_of_nginx(text: str) -> list[str]:
    """Where nginx and the gateway disagree, and what it would keep or let through."""
    blocks = directives(text)
    tls = blocks["server 1"]
    stream, figures = blocks.get("location = /v1/translate/stream", {}), blocks.get("location = /metrics", {})
    answer_s = serve_options([])["timeout"]
    held = {
        "bodies: another limit": int(tls["client_max_body_size"]) == MAX_BODY_BYTES,
        "bodies: written to the disk": int(tls["client_body_buffer_size"]) >= MAX_BODY_BYTES,
        "answers: written to the disk": tls.get("proxy_max_temp_file_size") == "0",
        "bodies: another time": seconds(tls["client_body_timeout"]) == Limits().body_s,
        "answers: another time": seconds(tls["proxy_read_timeout"]) == answer_s + _DRAIN_MORE_S,
        "connections: the gateway closes first": seconds(blocks["upstream enface"]["keepalive_timeout"])
        < _KEEP_ALIVE_S,
        "connections: a new one each": (tls["proxy_http_version"], tls["proxy_set_header"]) == ("1.1", 'Connection ""'),
        "the gateway's refusals are hidden": "proxy_intercept_errors" not in text,
        "streams: held back": stream.get("proxy_buffering") == "off" and "/v1/translate/stream" in routes(),
        "figures: shown": figures.get("return") == "404" and "/metrics" in routes(),
        "log: has queries or bodies": not re.search(
            r"\$(request\b|request_uri|args|query|request_body)", blocks[""]["log_format"]
        ),
        "tls: old versions": set(tls["ssl_protocols"].split()) == {"TLSv1.2", "TLSv1.3"},
    }
    refusals = re.findall(r"return \d+ '(\{.*\})'", text)
    known = all(json.loads(body)["error"]["code"] in words_of_serving() for body in refusals)
    return [fault for fault, right in held.items() if not right] + ([] if known else ["refusals: a code of its own"])


NGINX_BREAKS = [
    ("client_max_body_size 1000000", "client_max_body_size 2000000", "bodies: another limit"),
    ("client_body_buffer_size 1000000", "client_body_buffer_size 16384", "bodies: written to the disk"),
    ("    proxy_max_temp_file_size 0;\n", "", "answers: written to the disk"),
    ("proxy_read_timeout 65s", "proxy_read_timeout 60s", "answers: another time"),
    ("keepalive_timeout 60s", "keepalive_timeout 75s", "connections: the gateway closes first"),
    ("proxy_http_version 1.1", "proxy_http_version 1.0", "connections: a new one each"),
    ("proxy_buffering off", "proxy_buffering on", "streams: held back"),
    ("= /metrics {\n        return 404", "= /metrics {\n        return 200", "figures: shown"),
    ('"$request_method $uri"', '"$request"', "log: has queries or bodies"),
    ("TLSv1.2 TLSv1.3", "TLSv1 TLSv1.3", "tls: old versions"),
    ('"code": "body_too_large"', '"code": "much_too_large"', "refusals: a code of its own"),
]


def test_nginx_has_no_faults():
    assert faults_of_nginx(NGINX) == []


@pytest.mark.parametrize(("old", "new", "fault"), NGINX_BREAKS, ids=[fault for *_, fault in NGINX_BREAKS])
def test_a_broken_proxy_is_refused(old, new, fault):
    assert old in NGINX
    assert fault in faults_of_nginx(NGINX.replace(old, new))


def test_nginx_takes_the_file(tmp_path):
    nginx, openssl = shutil.which("nginx"), shutil.which("openssl")
    if not (nginx and openssl):
        pytest.skip("nginx and openssl are not both installed")
    words = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=x -out enface.crt -keyout"
    )
    subprocess.run([openssl, *words.split(), "enface.key"], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    here = NGINX.replace("/etc/nginx/tls", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    (tmp_path / "site.conf").write_text(here.replace("listen [::]:", "# "))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ include {tmp_path}/site.conf; }}"
    )
    done = subprocess.run(
        [nginx, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def faults_of_unit(text: str) -> list[str]:
    """What is wrong with a unit of systemd."""
    parser = configparser.ConfigParser(strict=True, interpolation=None, delimiters=("=",))
    parser.optionxform = str
    parser.read_string(text)
    unit = parser["Service"]
    program, command, *words = shlex.split(unit["ExecStart"])
    faults = faults_of_words(
        words, grace_s=float(unit["TimeoutStopSec"]), cpus=float(unit["CPUQuota"].removesuffix("%")) / 100
    )
    held = {
        "starts something else": (program.rpartition("/")[2], command) == ("enface", "serve"),
        "runs as root": unit["User"] not in ("root", "0"),
        "SIGTERM goes to TorchServe as well": unit["KillMode"] == "mixed",
        "may write": unit["ProtectSystem"] == "strict" and unit["PrivateTmp"] == "yes",
        "may become more": unit["NoNewPrivileges"] == "yes",
    }
    return faults + [fault for fault, right in held.items() if not right]


UNIT_BREAKS = [
    ("--engine inprocess", "--engine triton", "enface serve: "),
    ("TimeoutStopSec=80", "TimeoutStopSec=30", "stopping may take 65 s, and it is killed after 30"),
    ("User=enface", "User=root", "runs as root"),
    ("KillMode=mixed", "KillMode=process", "SIGTERM goes to TorchServe as well"),
    ("ProtectSystem=strict", "ProtectSystem=no", "may write"),
    ("CPUQuota=200%", "CPUQuota=100%", "1 workers of 2 threads on 1 cpus"),
]


def test_the_unit_has_no_faults():
    assert faults_of_unit(UNIT) == []
    other = UNIT.replace("--engine inprocess", "--engine torchserve")
    assert faults_of_unit(other) == []


@pytest.mark.parametrize(("old", "new", "fault"), UNIT_BREAKS, ids=[fault for *_, fault in UNIT_BREAKS])
def test_a_broken_unit_is_refused(old, new, fault):
    assert old in UNIT
    [found] = faults_of_unit(UNIT.replace(old, new))
    assert found.startswith(fault)
