import pytest

from enface.data.corpus import CorpusSection, corpus_title, open_corpus
from enface.errors import DataError, ParamsError
from enface.params import parse_section

SETTINGS = {
    "name": "files",
    "path": "corpus",
    "dataset": "",
    "source_language": "en",
    "target_language": "de",
    "seed": 1,
    "sizes": {"train": 9, "validation": 2, "test": 2},
}


def section(**settings):
    return parse_section({**SETTINGS, **settings}, "params.yaml corpus", CorpusSection)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "multi3k"}, "corpus.name: got 'multi3k', need one of 'builtin', 'multi30k', 'files'"),
        ({"target_language": "German"}, "corpus.target_language: got 'German'"),
        ({"seed": -1}, "corpus.seed: got -1, need >= 0"),
        ({"sizes": {"train": 9, "validation": 0, "test": 2}}, "corpus.sizes.validation: got 0, need >= 1"),
        (
            {"sizes": {"train": 9, "valid": 2, "test": 2}},
            "corpus.sizes.valid: unknown setting; did you mean 'validation'",
        ),
    ],
)
def test_wrong_settings_are_named(settings, message):
    with pytest.raises(ParamsError, match=message.replace(".", r"\.")):
        section(**settings)


def test_the_same_language_twice_is_an_error(tmp_path):
    with pytest.raises(ParamsError, match=r"corpus\.target_language: got 'en', the source language too; need another"):
        open_corpus(section(target_language="en"), tmp_path)


def test_a_data_set_needs_a_name(tmp_path):
    with pytest.raises(ParamsError, match=r"params\.yaml corpus\.dataset: got '', need a data set's name"):
        open_corpus(section(name="huggingface"), tmp_path)


def test_a_corpus_that_is_not_fetched_says_how_to_fetch_it(tmp_path):
    with pytest.raises(DataError, match="data: the corpus is not here; run: enface corpus fetch"):
        open_corpus(section(name="multi30k"), tmp_path / "data")


def test_an_altered_pinned_corpus_is_refused(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "train.en").write_text("x\n")
    (tmp_path / "data.dvc").write_text(
        "outs: [{md5: 0.dir, size: 1, nfiles: 1, path: data}]\nmeta: {git: x, rev: y, path: z}\n"
    )
    with pytest.raises(DataError, match=r"data: got 1 files, 2 bytes.*the pin says 1 files, 1 bytes, hash 0\.dir"):
        open_corpus(section(name="multi30k"), tmp_path / "data")


@pytest.mark.parametrize("name", ["files", "multi30k"])
def test_parallel_files_without_test_data_hold_some_out(tmp_path, name):
    for language in ("en", "de"):
        (tmp_path / f"train.{language}").write_text("".join(f"{language} {line}\n" for line in range(9)))
        (tmp_path / f"val.{language}").write_text("a\n")
    reader = open_corpus(section(name=name), tmp_path)
    assert {split: len(list(reader.pairs(split))) for split in reader.splits} == {
        "train": 7,
        "validation": 1,
        "test": 2,
    }


def test_tsv_and_tmx_are_chosen_by_name(tmp_path):
    tsv, tmx = tmp_path / "a.tsv", tmp_path / "a.tmx"
    tsv.write_text("".join(f"dog {line}\tHund {line}\n" for line in range(9)))
    units = "".join(
        f'<tu><tuv xml:lang="en"><seg>dog {line}</seg></tuv><tuv xml:lang="de"><seg>Hund {line}</seg></tuv></tu>'
        for line in range(9)
    )
    tmx.write_text(f"<tmx><body>{units}</body></tmx>")
    drawn = [
        [(pair.source, pair.target) for pair in open_corpus(section(name=path.suffix[1:]), path).pairs("train")]
        for path in (tsv, tmx)
    ]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 5


def test_a_data_set_is_chosen_by_name(tmp_path, monkeypatch):
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "train.jsonl").write_text('{"en": "a", "de": "b"}\n' * 5)
    reader = open_corpus(section(name="huggingface", dataset=str(tmp_path / "set")), tmp_path)
    assert list(reader.splits) == ["train", "validation", "test"]


def test_the_built_in_corpus_needs_no_file(tmp_path):
    reader = open_corpus(section(name="builtin"), tmp_path / "nowhere")
    assert len(list(reader.pairs("test"))) == 2


@pytest.mark.parametrize(
    ("settings", "title"),
    [
        ({"name": "builtin"}, "builtin"),
        ({"name": "multi30k"}, "multi30k"),
        ({"name": "files"}, "files:here"),
        ({"name": "tmx"}, "tmx:here"),
        ({"name": "huggingface", "dataset": "org/name:de-en"}, "org/name:de-en"),
    ],
)
def test_a_corpus_has_a_title(tmp_path, settings, title):
    assert corpus_title(section(**settings), tmp_path / "here") == title
