"""The keys of an API, from a file that holds only their hashes.

    # name   SHA-256 of the key, in hexadecimal
    website  9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08

A key is a long random string, so that its bare hash tells nothing. The file is read again when it changes: keys are
added and taken away without a restart. Which requests need one is decided in `serving.gateway.service`.
"""

import hashlib
import hmac
import logging
import re
from pathlib import Path

from enface.errors import ParamsError

_LINE = re.compile(r"(?P<name>[\w.@-]{1,64})\s+(?P<hash>[0-9a-f]{64})")

logger = logging.getLogger("enface.gateway")


class KeyFile:
    """The keys in a file.

    Raises:
        ParamsError: the file cannot be read, has no key, or a line that is none.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed = _changed(path)
        self._names = _read(path)

    def name_of(self, key: str) -> str | None:
        """The name that the key stands beside, None for a key that is not in the file.

        Every hash is compared in constant time, and none is left out, so that time tells nothing of any.
        """
        self._read_again()
        asked = hashlib.sha256(key.encode("utf-8", errors="surrogatepass")).hexdigest()
        found = [name for known, name in self._names.items() if hmac.compare_digest(known, asked)]
        return found[0] if found else None

    def _read_again(self) -> None:
        """Takes over a file that has changed; one that is broken now is told once, and the old keys hold."""
        changed = _changed(self._path)
        if changed == self._changed:
            return
        self._changed = changed
        try:
            self._names = _read(self._path)
        except ParamsError as error:
            logger.error("%s; the keys that it had before hold on", error)


def _changed(path: Path) -> tuple[int, int] | None:
    """What differs when the file does; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def _read(path: Path) -> dict[str, str]:
    """The names by their keys' hashes."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ParamsError(f"{path}: cannot be read as a file of keys: {type(error).__name__}") from None
    names: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not (entry := line.partition("#")[0].strip()):
            continue
        found = _LINE.fullmatch(entry)
        if not found:
            raise ParamsError(f"{path} line {number}: need a name and the SHA-256 of its key in 64 hexadecimal digits")
        names[found["hash"]] = found["name"]
    if not names:
        raise ParamsError(f"{path}: has no key; need a line with a name and the SHA-256 of its key")
    return names
