"""Enface: attention sequence-to-sequence translation that shows its work.

`Translator` is imported when it is first asked for, so that `import enface` stays cheap.
"""

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from enface.inference.translator import Translator

__all__ = ["Translator"]

try:
    __version__ = version("enface")
except PackageNotFoundError:  # a copy that was never installed, such as the one inside a registered MLflow model
    __version__ = "0+copy"


def __getattr__(name: str) -> Any:
    if name == "Translator":
        from enface.inference.translator import Translator

        return Translator
    raise AttributeError(f"module 'enface' has no attribute {name!r}")
