import gzip
import tracemalloc

import pytest

from enface.data.readers.pair import RawPair
from enface.data.readers.tmx import TmxReader
from enface.errors import DataError

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def unit(**segments):
    variants = "".join(
        f'<tuv xml:lang="{tag.replace("_", "-")}"><seg>{seg}</seg></tuv>' for tag, seg in segments.items()
    )
    return f"<tu>{variants}</tu>\n"


def write(path, body, head=HEAD):
    path.write_text(f'{head}<tmx version="1.4"><header/><body>\n{body}</body></tmx>', encoding="utf-8")
    return path


def read(path, source="en", target="de"):
    return list(TmxReader(path, source, target).pairs("train"))


def test_units_with_both_languages_are_pairs_with_their_line(tmp_path):
    path = write(
        tmp_path / "m.tmx",
        unit(en="a dog", de="ein Hund") + unit(en="x", fr="y") + unit(de_AT="Tür &amp; Tor", EN_us="d"),
    )
    assert read(path) == [RawPair("a dog", "ein Hund", None, f"{path}:3"), RawPair("d", "Tür & Tor", None, f"{path}:5")]
    assert read(path, "en", "fr") == [RawPair("x", "y", None, f"{path}:4")]


def test_markup_codes_are_left_out_and_highlighted_text_stays(tmp_path):
    segment = 'the <bpt i="1">&lt;b></bpt><hi>old</hi><ept i="1">&lt;/b><sub>no</sub></ept> dog<ph/>.'
    assert read(write(tmp_path / "m.tmx", unit(en=segment, de="x")))[0].source == "the old dog."


def test_the_older_lang_attribute_counts_and_the_first_variant_stays(tmp_path):
    variants = [("EN_GB", "a"), ("en", "b"), ("de", "c")]
    body = "".join(f'<tuv lang="{tag}"><seg>{text}</seg></tuv>' for tag, text in variants)
    assert [(pair.source, pair.target) for pair in read(write(tmp_path / "m.tmx", f"<tu>{body}</tu>"))] == [("a", "c")]


def test_other_encodings_and_gzip_are_read(tmp_path):
    path = tmp_path / "m.tmx.gz"
    text = f'<?xml version="1.0" encoding="UTF-16"?><tmx><body>{unit(en="a", de="schön")}</body></tmx>'
    path.write_bytes(gzip.compress(text.encode("utf-16")))
    assert read(path)[0].target == "schön"


def test_a_folder_has_a_file_for_each_split(tmp_path):
    write(tmp_path / "train.tmx", unit(en="a", de="b"))
    write(tmp_path / "test.tmx", unit(en="c", de="d"))
    reader = TmxReader(tmp_path, "en", "de")
    assert reader.splits == ["train", "test"]
    assert next(reader.pairs("test")).source == "c"


def test_a_bare_doctype_is_accepted(tmp_path):
    path = write(tmp_path / "m.tmx", unit(en="a", de="b"), HEAD + '<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n')
    assert len(read(path)) == 1


@pytest.mark.parametrize(
    ("head", "segment"),
    [
        ('<!DOCTYPE tmx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>', "&b;"),
        ('<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;"),
        ('<!DOCTYPE tmx SYSTEM "tmx14.dtd">', "&unknown;"),
    ],
)
def test_entities_are_refused(tmp_path, head, segment):
    path = write(tmp_path / "m.tmx", unit(en=segment, de="b"), head)
    with pytest.raises(
        DataError, match=r"m\.tmx:[12]: the file declares or uses entities of its own, which are refused"
    ):
        read(path)


@pytest.mark.parametrize("body", ["<tu>", unit(en="&unknown;", de="b"), unit(en="a", de="b") + "</body>"])
def test_broken_xml_is_an_error_with_its_line(tmp_path, body):
    with pytest.raises(DataError, match=r"m\.tmx:\d: not well-formed TMX: \w"):
        read(write(tmp_path / "m.tmx", body))


def test_wrong_languages_are_an_error_that_names_those_there(tmp_path):
    path = write(tmp_path / "m.tmx", unit(en="a", de_DE="b"))
    with pytest.raises(DataError, match=r"m\.tmx: no unit has both en and fr; there is de, en"):
        read(path, "en", "fr")


def test_a_file_without_units_says_so(tmp_path):
    with pytest.raises(DataError, match="there is no language at all"):
        read(write(tmp_path / "m.tmx", ""))


def test_memory_stays_flat(tmp_path):
    path = write(tmp_path / "m.tmx", unit(en="a dog " * 20, de="ein Hund " * 20) * 10_000)
    tracemalloc.start()
    count = sum(1 for _ in TmxReader(path, "en", "de").pairs("train"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 10_000
    assert peak < path.stat().st_size / 5


@pytest.mark.parametrize(("cut", "why"), [(slice(20), "broken gzip"), (slice(5, None), "broken gzip")])
def test_a_broken_archive_is_named(tmp_path, cut, why):
    path = tmp_path / "m.tmx.gz"
    path.write_bytes(gzip.compress(b"<tmx>" * 100)[cut])
    with pytest.raises(DataError, match=rf"m\.tmx\.gz: {why} .*; fetch or make the file again"):
        read(path)


@pytest.mark.parametrize("encoding", ["big5", "nonsense"])
def test_an_encoding_that_cannot_be_read_is_named(tmp_path, encoding):
    path = tmp_path / "m.tmx"
    path.write_bytes(f'<?xml version="1.0" encoding="{encoding}"?><tmx/>'.encode())
    with pytest.raises(DataError, match=r"m\.tmx: its encoding cannot be read .*; convert it to UTF-8"):
        read(path)
