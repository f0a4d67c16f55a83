"""TorchServe's own tokens: sent along with every request, and renewed before they expire.

TorchServe writes two tokens that expire, one for its inference port and one for its management port, and a third that
renews them, into key_file.json, readable by its user alone. A token that was renewed is refused from then on, so a
request that crosses a renewal is sent again with the new one: TorchServe had not taken it. It may be refused even a
little before the new one stands in the file; who has more than one request under way asks `was_refused` and waits.
"""

import json
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import httpx

from enface.errors import ServingError

KEY_FILE = "key_file.json"
RENEW_BEFORE = timedelta(minutes=15)
"""How long before its end a token is renewed; TorchServe's last an hour."""

_ATTEMPTS = 3


class TokenAuth(httpx.Auth):
    """Authorizes a client's requests to one port of one TorchServe.

    Args:
        folder: the folder that TorchServe was started in.
        management: the management port's address, as in http://127.0.0.1:8081.
        port: which of the two ports the client asks.
    """

    requires_response_body = True

    def __init__(self, folder: Path, management: str, port: Literal["inference", "management"]) -> None:
        self._file = folder / KEY_FILE
        self._address = f"{management}/token"
        self._port = port
        self._renewing = False
        self._seen = 0
        self._tokens: dict[str, dict[str, str]] = {}

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Sends the request with the token, renewed where its end is near; httpx drives it.

        Raises:
            ServingError: TorchServe has written no tokens.
        """
        if self._ends_soon() and not self._renewing:
            yield from self._renew()
        for _ in range(_ATTEMPTS):
            sent = self.headers()
            request.headers.update(sent)
            response = yield request
            if not was_refused(response.status_code, response.content) or sent == self.headers():
                return

    def headers(self) -> dict[str, str]:
        """The headers that authorize a request now; whoever sends them alone sees to the renewal in some other way.

        Raises:
            ServingError: TorchServe has written no tokens.
        """
        return {"Authorization": f"Bearer {self._token(self._port)}"}

    def _renew(self) -> Generator[httpx.Request, httpx.Response, None]:
        """Asks for a new token, which TorchServe writes into the file; the others go on with the old one meanwhile."""
        self._renewing = True
        try:
            headers = {"Authorization": f"Bearer {self._token('API')}"}
            yield httpx.Request("GET", self._address, params={"type": self._port}, headers=headers)
        finally:
            self._renewing = False

    def _ends_soon(self) -> bool:
        end = datetime.fromisoformat(self._entry(self._port)["expiration time"])
        return end - datetime.now(UTC) < RENEW_BEFORE

    def _token(self, name: str) -> str:
        return self._entry(name)["key"]

    def _entry(self, name: str) -> dict[str, str]:
        """The file's entry, read again where the file has changed; a file half written counts as unchanged."""
        try:
            changed = self._file.stat().st_mtime_ns
            if changed != self._seen:
                self._tokens, self._seen = _parsed(self._file.read_text(encoding="utf-8")), changed
        except (OSError, ValueError):
            if not self._tokens:
                raise ServingError(f"{self._file}: not there yet, or no tokens of TorchServe") from None
        return self._tokens[name]


def was_refused(status: int, content: bytes) -> bool:
    """Whether TorchServe did not take the request, for want of a token that holds."""
    return status == httpx.codes.BAD_REQUEST and b'"InvalidKeyException"' in content


def _parsed(text: str) -> dict[str, Any]:
    tokens = json.loads(text)
    if not {"inference", "management", "API"} <= set(tokens):
        raise ValueError
    return dict(tokens)
