"""Sets of sentences too large for memory: 64-bit hashes in an SQLite file that lives as long as its user.

Two different sentences share a hash with a probability of 0.03 % in a corpus of 100 million.
"""

import hashlib
import sqlite3
from pathlib import Path


class SeenSentences:
    """The pairs seen so far, and which source sentences are held out of training."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        for statement in (
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "CREATE TABLE pairs (hash INTEGER PRIMARY KEY)",
            "CREATE TABLE held_out (hash INTEGER PRIMARY KEY, split TEXT)",
            "BEGIN",
        ):
            self._database.execute(statement)

    def add_pair(self, source: str, target: str) -> bool:
        """Whether the pair is new; from now on it is not."""
        hashed = _hash64(f"{source}\t{target}")
        return self._database.execute("INSERT OR IGNORE INTO pairs VALUES (?)", (hashed,)).rowcount == 1

    def hold_out(self, source: str, split: str) -> None:
        """Notes that the source sentence is one of a split's; the first split that has it stays."""
        self._database.execute("INSERT OR IGNORE INTO held_out VALUES (?, ?)", (_hash64(source), split))

    def held_out_in(self, source: str) -> str | None:
        """The split that holds the source sentence out, if any does."""
        row = self._database.execute("SELECT split FROM held_out WHERE hash = ?", (_hash64(source),)).fetchone()
        return str(row[0]) if row else None

    def close(self) -> None:
        """Lets go of the file."""
        self._database.close()


def _hash64(text: str) -> int:
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
