"""Enface: attention sequence-to-sequence translation that shows its work.

`Translator` and `attention` are imported when they are first asked for, so that `import enface` stays cheap.
ONNX Runtime reports how it is used to its makers unless this is said before it is imported: then nobody is told.
"""

import os
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from enface.dot_product import attention
    from enface.inference.translator import Translator

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__all__ = ["Translator", "attention"]

try:
    __version__ = version("enface")
except PackageNotFoundError:  # a copy that was never installed, such as the one inside a registered MLflow model
    __version__ = "0+copy"


def __getattr__(name: str) -> Any:
    if name == "Translator":
        from enface.inference.translator import Translator

        return Translator
    if name == "attention":
        from enface.dot_product import attention

        return attention
    raise AttributeError(f"module 'enface' has no attribute {name!r}")
