"""Hostile bytes on connections of their own: sent, slowed down, broken off; and whether each got its status."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

from benchmarks.chaos.hostile import Attack, attacks, request
from benchmarks.chaos.ledger import Ledger
from benchmarks.chaos.server import HOST

_ANSWER_S = 60.0
_TOO_SLOW_S = 20.0
"""How long a slow body is sent; the gateway gives it ten seconds."""


class Assault:
    """Whoever means no good, with a key that is known."""

    def __init__(self, port: int, key: str, canary: str, ledger: Ledger) -> None:
        """Nothing is sent yet."""
        self._port = port
        self._key = key
        self._canary = canary
        self._ledger = ledger

    async def all_attacks(self) -> int:
        """How many attacks there were; each is made once."""
        every = attacks(self._key, self._canary)
        for attack in every:
            await self.attack(attack)
        return len(every)

    async def attack(self, attack: Attack) -> None:
        """Sends it and enters what came back."""
        self._ledger.sent += 1
        try:
            async with asyncio.timeout(_ANSWER_S), self._connected() as (reader, writer):
                with contextlib.suppress(ConnectionError):
                    writer.write(attack.sent)
                    await writer.drain()
                said = await _until_closed(reader)
        except (OSError, TimeoutError) as error:
            said = b""
            if attack.statuses:
                self._ledger.lose(f"{attack.name}, by {type(error).__name__}")
        self._enter(attack, said)

    async def slow_body(self) -> None:
        """Sends a body bit by bit and never ends; it must get a 408, also while it goes on sending."""
        self._ledger.sent += 1
        whole = request(b'{"text": "' + self._canary.encode() + b" " * 100_000 + b'"}', self._key)
        async with self._connected() as (reader, writer):
            answer = asyncio.create_task(_until_closed(reader))
            with contextlib.suppress(ConnectionError):
                for byte in range(int(_TOO_SLOW_S * 10)):
                    writer.write(whole[:1_000] if byte == 0 else b" ")
                    await writer.drain()
                    if (await asyncio.wait((answer,), timeout=0.1))[0]:
                        break
            try:
                said = await asyncio.wait_for(answer, _ANSWER_S)
            except (OSError, TimeoutError) as error:
                self._ledger.lose(f"a slow body, by {type(error).__name__}")
                return
        self._enter(Attack("a slow body", b"", (408,)), said)

    async def leave(self, *, after: float) -> None:
        """Sends that part of a request, from 0 to 1, and goes away."""
        whole = request(json.dumps({"text": [self._canary] * 20}).encode(), self._key)
        self._ledger.sent += 1
        self._ledger.abandoned += 1
        async with self._connected() as (_, writer):
            writer.write(whole[: int(len(whole) * after)])
            with contextlib.suppress(ConnectionError):
                await writer.drain()

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection(HOST, self._port)
        try:
            yield reader, writer
        finally:
            writer.close()

    def _enter(self, attack: Attack, said: bytes) -> None:
        status, body = _last_answer(said)
        if not status:
            if attack.statuses:
                self._ledger.violate(f"{attack.name}: no answer, need {_any_of(attack)}")
            return
        if attack.statuses and status not in attack.statuses:
            self._ledger.violate(f"{attack.name}: got {status}, need {_any_of(attack)}")
        elif status == 200:
            self._ledger.answered += 1
        else:
            self._ledger.refused[status] += 1
            if self._canary.encode() in body:
                self._ledger.violate(f"{attack.name}: the refusal says what was sent")
            if not _is_refusal(body):
                self._ledger.violate(f"{attack.name}: the refusal has not the JSON of all refusals")


async def _until_closed(reader: asyncio.StreamReader) -> bytes:
    """What came before the end, be it a reset."""
    said = bytearray()
    with contextlib.suppress(ConnectionError):
        while part := await reader.read(65_536):
            said += part
            if _is_whole(bytes(said)):
                break
    return bytes(said)


def _is_whole(said: bytes) -> bool:
    """Whether an answer is there with all its body; the gateway keeps a connection open after it."""
    head, found, body = _without_interim(said).partition(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return bool(found and lengths) and len(body) >= int(lengths[0])


def _without_interim(said: bytes) -> bytes:
    while said.startswith(b"HTTP/1.1 1"):
        said = said.partition(b"\r\n\r\n")[2]
    return said


def _last_answer(said: bytes) -> tuple[int, bytes]:
    """The status, 0 where there is no answer, and the body."""
    head, _, body = _without_interim(said).partition(b"\r\n\r\n")
    parts = head.split(b" ", 2)
    return (int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0), body


def _is_refusal(body: bytes) -> bool:
    try:
        return set(json.loads(body)["error"]) == {"code", "message", "request_id"}
    except (ValueError, KeyError, TypeError):
        return False


def _any_of(attack: Attack) -> str:
    return " or ".join(map(str, attack.statuses))
