"""Names for the folders that a command sets beside one another."""

from collections.abc import Sequence
from pathlib import Path

from enface.errors import ParamsError


def named(folders: Sequence[Path], names: str) -> dict[str, Path]:
    """The folders by the names of the option --names, with commas between; by their paths where it is empty.

    Raises:
        ParamsError: there are not as many different names as folders.
    """
    chosen = [name.strip() for name in names.split(",")] if names else [str(folder) for folder in folders]
    if len(chosen) != len(folders) or len(set(chosen)) != len(chosen) or "" in chosen:
        raise ParamsError(f"--names: got {names or ', '.join(chosen)!r}, need {len(folders)} different names")
    return dict(zip(chosen, folders, strict=True))
