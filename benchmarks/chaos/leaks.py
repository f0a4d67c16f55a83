"""Whether anything that was sent stands in what the server wrote: its logs, its folders, its figures."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.chaos.server import Server

_MODELS = (".onnx", ".mar")


def leaks(server: Server, canary: str, figures: bytes) -> Iterator[str]:
    """Each file, and the figures, in which the canary stands.

    Args:
        server: its folder is searched, where it and all its processes write.
        canary: stands in what was sent, and nowhere else.
        figures: what /metrics answered.
    """
    if canary.encode() in figures:
        yield "/metrics"
    for file in sorted(path for path in server.folder.rglob("*") if path.is_file() and path.suffix not in _MODELS):
        if canary.encode() in _content(file):
            yield str(file.relative_to(server.folder))


def _content(file: Path) -> bytes:
    """What is in it; nothing where it has gone meanwhile."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
