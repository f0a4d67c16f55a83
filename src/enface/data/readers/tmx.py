"""TMX, the exchange format of translation memories: `<tu>` units of `<tuv xml:lang="de"><seg>...</seg></tuv>`.

Read with expat as a stream, so that memory stays flat. Entities are refused, and so is the internal subset of a
DOCTYPE that could declare them; a bare `<!DOCTYPE tmx SYSTEM "tmx14.dtd">` is accepted and its file never opened.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from enface.data.readers.lines import open_bytes, reading
from enface.data.readers.pair import RawPair, in_order
from enface.data.readers.split_files import split_files
from enface.errors import DataError

_CODE_ELEMENTS = frozenset({"bpt", "ept", "ph", "it", "ut", "sub"})
"""Inside a segment, these hold the markup of the document it came from; `hi` holds text."""

_CHUNK_BYTES = 1 << 16


class TmxReader:
    """A .tmx file, or a folder with one for each split, plain or .gz."""

    def __init__(self, path: Path, source_language: str, target_language: str) -> None:
        """Finds the files; raises DataError as `split_files` says."""
        self._languages = (source_language, target_language)
        self._files = split_files(path, ".tmx")
        self.splits = in_order(list(self._files))

    def pairs(self, split: str) -> Iterator[RawPair]:
        """The split's pairs; units without both languages are passed over, `de` takes `de-AT` and `DE_de` too.

        Raises:
            DataError: the file is not well-formed XML, declares entities, or has no unit in both languages.
        """
        path = self._files[split]
        handler = _Handler(path, self._languages)
        found = False
        with open_bytes(path) as file, reading(path):
            while chunk := file.read(_CHUNK_BYTES):
                for pair in handler.feed(chunk):
                    found = True
                    yield pair
            yield from handler.feed(b"", final=True)
        if not found:
            languages = ", ".join(sorted(handler.seen)) or "no language at all"
            raise DataError(f"{path}: no unit has both {' and '.join(self._languages)}; there is {languages}")


class _Handler:
    """What expat calls; complete pairs gather in `_pairs` until the chunk is done."""

    def __init__(self, path: Path, languages: tuple[str, str]) -> None:
        self.seen: set[str] = set()
        self._path, self._languages = path, languages
        self._pairs: list[RawPair] = []
        self._segments: dict[str, str] = {}
        self._language = ""
        self._line = 0
        self._text: list[str] | None = None
        self._code_depth = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._refuse_entities
        self._parser.SkippedEntityHandler = self._refuse_entities

    def feed(self, chunk: bytes, *, final: bool = False) -> list[RawPair]:
        try:
            self._parser.Parse(chunk, final)
        except expat.ExpatError as error:
            reason = expat.errors.messages[error.code]
            raise DataError(f"{self._path}:{error.lineno}: not well-formed TMX: {reason}") from None
        except (ValueError, LookupError) as error:
            raise DataError(f"{self._path}: its encoding cannot be read ({error}); convert it to UTF-8") from None
        pairs, self._pairs = self._pairs, []
        return pairs

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "tu":
            self._segments, self._line = {}, self._parser.CurrentLineNumber
        elif name == "tuv":
            self._language = _prefix(attributes.get("xml:lang", attributes.get("lang", "")))
            self.seen.add(self._language)
        elif name == "seg":
            self._text, self._code_depth = [], 0
        elif name in _CODE_ELEMENTS:
            self._code_depth += 1

    def _end(self, name: str) -> None:
        if name == "seg" and self._text is not None:
            self._segments.setdefault(self._language, "".join(self._text))
            self._text = None
        elif name in _CODE_ELEMENTS:
            self._code_depth -= 1
        elif name == "tu" and self._segments.keys() >= set(self._languages):
            source, target = (self._segments[language] for language in self._languages)
            self._pairs.append(RawPair(source, target, None, f"{self._path}:{self._line}"))

    def _characters(self, text: str) -> None:
        if self._text is not None and self._code_depth == 0:
            self._text.append(text)

    def _doctype(self, name: str, system: str | None, public: str | None, internal: int) -> None:
        if internal:
            self._refuse_entities()

    def _refuse_entities(self, *_: object) -> None:
        raise DataError(
            f"{self._path}:{self._parser.CurrentLineNumber}: the file declares or uses entities of its own, which are "
            "refused; write the characters themselves"
        )


def _prefix(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()
