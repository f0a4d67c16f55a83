"""Where the gateway listens, and when it ends by itself."""

import errno
import socket

import pytest

from enface.errors import ParamsError, ServingError
from serving.gateway.application import make_application
from serving.gateway.limits import Limits
from serving.gateway.metrics import Metrics
from serving.gateway.running import check_host, listen, run
from serving.gateway.service import Service


def test_without_keys_only_the_loopback_is_listened_on():
    for host in ("127.0.0.1", "127.0.0.2", "::1"):
        check_host(host, has_keys=False)
    for host in ("0.0.0.0", "::", "192.0.2.1"):
        check_host(host, has_keys=True)
        with pytest.raises(ParamsError) as caught:
            check_host(host, has_keys=False)
        message = (
            f"--host: got {host}, which other machines reach, but no --keys; name a file of keys, or use 127.0.0.1"
        )
        assert str(caught.value) == message
    with pytest.raises(
        ParamsError, match=r"--host: got 'localhost', need an address such as 127\.0\.0\.1 or 0\.0\.0\.0"
    ):
        check_host("localhost", has_keys=True)


def test_a_taken_port_is_replaced_on_the_loopback_alone():
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with listen("127.0.0.1", port) as second:
            assert second.getsockname()[1] not in (0, port)
    with socket.socket() as everywhere:
        everywhere.bind(("0.0.0.0", 0))
        everywhere.listen()
        port = everywhere.getsockname()[1]
        with pytest.raises(ServingError, match=f"0.0.0.0 port {port}: cannot be listened on: Address already in use"):
            listen("0.0.0.0", port)
    with pytest.raises(ServingError, match=r"192\.0\.2\.1 port 0: cannot be listened on: "):
        listen("192.0.2.1", 0)


def test_a_port_that_may_not_be_used_is_not_called_taken(monkeypatch):
    def refuse(listening, address):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(ServingError, match=r"127\.0\.0\.1 port 80: cannot be listened on: Permission denied"):
        listen("127.0.0.1", 80)


def test_it_ends_with_its_engine(held):
    held.failure = ServingError("the model cannot be loaded")
    said = []
    app = make_application(Service(held, Metrics(), limits=Limits(), keys=None))
    with pytest.raises(ServingError, match="the model cannot be loaded"):
        run(app, listen("127.0.0.1", 0), held, drain_s=1, on_ready=lambda: said.append("ready"))
    assert said == ["ready"]
