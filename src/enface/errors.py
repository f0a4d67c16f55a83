"""Every error that Enface raises on purpose, as one small tree.

    EnfaceError
    ├── ParamsError     params.yaml, or a command's options, say something impossible
    ├── DataError       a corpus is missing, broken or not what it was said to be
    ├── TrainingError   training cannot start, go on or be resumed
    ├── ExportError     the graph could not be made, or disagrees with the model it was made from
    ├── BundleError     a model folder is missing, altered or of a format we do not know
    ├── RequestError    a translation was asked for in a way that cannot be answered
    └── ServingError    a server did not start, or died

A message says where, what was found, what was expected and what to do:
``params.yaml train.batch_tokens: got 0, need >= 1``. The edges (a pipeline stage, the command line, the serving
handler) print the message alone; every other exception is a bug and keeps its traceback.
"""


class EnfaceError(Exception):
    """The root: whatever derives from it carries a message meant for the user."""


class ParamsError(EnfaceError):
    """A setting is unknown, missing or out of range."""


class DataError(EnfaceError):
    """A corpus, or a line of it, cannot be used; the message names file and line."""


class TrainingError(EnfaceError):
    """Training cannot start, go on or be resumed."""


class ExportError(EnfaceError):
    """The exported graph could not be made or does not equal the model."""


class BundleError(EnfaceError):
    """A model folder is missing, incomplete, altered or of an unknown format version."""


class RequestError(EnfaceError):
    """A request to translate or align is malformed; the request's own fault, not the server's."""


class ServingError(EnfaceError):
    """A server did not become ready in time, or ended by itself."""
