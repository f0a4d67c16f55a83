import json
import pickle
import random
import tracemalloc

import pytest

from enface.data.prepare import PrepareSection, prepare
from enface.data.prepared import PreparedFolder
from enface.data.readers.builtin import BuiltinReader
from enface.data.readers.pair import RawPair
from enface.errors import DataError, ParamsError
from enface.params import parse_section

SETTINGS = {
    "vocabulary_size": 320,
    "max_length_words": 20,
    "max_length_ratio": 3.0,
    "max_bad_ratio": 0.5,
    "judge": {"folder": "", "threshold": 0.5},
    "align": False,
    "ray": "",
}
WORDS = ["the", "old", "young", "dog", "cat", "man", "woman", "child", "sees", "likes", "feeds", "a", "red", "house"]


class Listed:
    """A corpus out of lists of pairs."""

    def __init__(self, **splits):
        self._splits = splits
        self.splits = list(splits)

    def pairs(self, split):
        return iter(self._splits[split])


def sentences(count, *, seed, links=None):
    generator = random.Random(seed)
    for line in range(1, count + 1):
        text = " ".join(generator.choices(WORDS, k=generator.randint(3, 9)))
        yield RawPair(text, text.upper(), links, f"corpus:{line}")


def corpus(**splits):
    own = {"train": sentences(200, seed=1), "validation": sentences(5, seed=2), "test": sentences(5, seed=3)}
    return Listed(**{split: list(pairs) for split, pairs in (own | splits).items()})


def run(reader, out, **settings):
    section = parse_section({**SETTINGS, **settings}, "params.yaml prepare", PrepareSection)
    prepare(reader, out, title="toy", languages=("en", "de"), settings=section)
    return PreparedFolder(out)


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_alignments_of_training_pairs_are_found_where_asked_for(tmp_path):
    found = run(corpus(), tmp_path / "out", align=True).path
    source, links = ((found / f"train.{part}").read_text().splitlines() for part in ("source", "links"))
    straight = [" ".join(f"{place}-{place}" for place in range(len(text.split()))) for text in source]
    assert sum(map(str.__eq__, links, straight)) > 0.95 * len(source), "each word is its own in capitals"
    assert not (found / "test.links").exists()
    assert len(PreparedFolder(found).split("train").links(0)) > 0


def test_alignments_that_the_corpus_has_are_kept(tmp_path):
    gold = list(sentences(200, seed=1, links="0-0"))
    found = run(corpus(train=gold), tmp_path / "out", align=True).path
    assert set((found / "train.links").read_text().splitlines()) == {"0-0"}


def test_the_folder_holds_all_splits_and_says_what_it_is(tmp_path):
    prepared = run(corpus(), tmp_path / "out")
    assert (prepared.meta.corpus, prepared.meta.source_language, prepared.meta.target_language) == ("toy", "en", "de")
    assert prepared.meta.vocabulary_size == prepared.tokenizer.vocabulary_size <= 320
    assert prepared.test_splits == ["test"]
    assert prepared.meta.pairs == {"train": 200, "validation": 5, "test": 5}
    split = prepared.split("train")
    assert prepared.meta.target_tokens["train"] == split.target_lengths.sum()
    assert split.target_sentences() == [pair.target for pair in corpus().pairs("train")]
    assert prepared.tokenizer.decode(split.target(17).tolist()).text == split.target_sentences()[17]


def test_the_same_corpus_gives_the_same_bytes_and_replaces_the_old_folder(tmp_path):
    for out in ("one", "two", "two"):
        run(corpus(), tmp_path / out)
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_the_hash_is_that_of_the_pairs_kept(tmp_path):
    hashed = run(corpus(), tmp_path / "out").meta.sha256
    with_an_empty_pair = [*corpus().pairs("train"), RawPair("", "", None, "corpus:201")]
    assert run(corpus(train=with_an_empty_pair), tmp_path / "out").meta.sha256 == hashed
    assert run(corpus(test=sentences(5, seed=4)), tmp_path / "out").meta.sha256 != hashed
    assert run(corpus(test=sentences(5, seed=3, links="0-0")), tmp_path / "out").meta.sha256 != hashed


def test_rejected_pairs_are_reported_by_reason_and_place(tmp_path):
    good = list(sentences(20, seed=1))
    leak = next(sentences(1, seed=3))
    bad = [
        RawPair("a", " ", None, "corpus:21"),
        leak._replace(origin="corpus:22"),
        good[0]._replace(origin="corpus:23"),
    ]
    prepared = run(corpus(train=good + bad), tmp_path / "out")
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["splits"]["train"] == {
        "read": 23,
        "kept": 20,
        "rejected": {"duplicate": 1, "empty": 1, "test_leak": 1},
    }
    assert report["bad_ratio"] == pytest.approx(1 / 23, abs=1e-6)
    assert (tmp_path / "out" / "rejects.tsv").read_text().splitlines()[1:] == [
        "train\tempty\tcorpus:21",
        "train\ttest_leak\tcorpus:22",
        "train\tduplicate\tcorpus:23",
    ]
    assert len(prepared.split("train")) == 20


def test_too_many_bad_pairs_leave_nothing_behind(tmp_path):
    bad = [RawPair("", "x", None, f"corpus:{line}") for line in range(201, 204)]
    with pytest.raises(DataError, match=r"1\.5% of 203 training pairs are bad"):
        run(corpus(train=[*sentences(200, seed=1), *bad]), tmp_path / "out", max_bad_ratio=0.01)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("split", ["validation", "test"])
def test_an_empty_split_is_an_error(tmp_path, split):
    with pytest.raises(DataError, match=f"{split}: none of 0 pairs is left"):
        run(corpus(**{split: []}), tmp_path / "out")


def test_a_reader_that_fails_midway_leaves_the_old_folder(tmp_path):
    run(corpus(), tmp_path / "out")
    before = files(tmp_path / "out")

    class Failing(Listed):
        def pairs(self, split):
            yield from sentences(3, seed=5)
            raise DataError("train.en:4: not UTF-8")

    with pytest.raises(DataError, match=r"train\.en:4"):
        run(Failing(train=[], validation=[], test=[]), tmp_path / "out")
    assert files(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_gold_links_are_kept_beside_their_pairs(tmp_path):
    test = [RawPair("a dog", "ein Hund", "0-0 1-1", "x:1"), RawPair("", "x", "", "x:2"), RawPair("b", "c", "", "x:3")]
    prepared = run(corpus(test=test), tmp_path / "out")
    assert prepared.split("test").gold_links() == ["0-0 1-1", ""]
    assert prepared.split("train").gold_links() is None


def test_links_follow_their_pairs_through_the_cleaning(tmp_path):
    def linked(links, line):
        return RawPair(f"dog {'cat ' * line}", f"Hund {'Katze ' * line}", links, f"x:{line}")

    repeated = linked("1-1", 1)
    train = [linked("0-0", 1), repeated, RawPair("", "x", "", "x:9"), linked("1-0", 2), linked("", 3)]
    split = run(corpus(train=train), tmp_path / "out").split("train")
    assert split.gold_links() == ["0-0", "1-0", ""]
    tokenizer = PreparedFolder(tmp_path / "out").tokenizer
    dog, hund = (len(tokenizer.encode(word).ids) for word in ("dog", "Hund"))
    assert [len(split.links(index)) for index in range(3)] == [dog * hund, len(tokenizer.encode("cat").ids) * hund, 0]
    assert split.links(1)[:, 0].min() == dog


def test_a_link_to_no_word_is_an_error_with_its_place(tmp_path):
    with pytest.raises(
        DataError, match=r"x:1: the gold alignment links words 2 and 1 \(from 0\), but the pair has 2 and 2"
    ):
        run(corpus(test=[RawPair("a dog", "ein Hund", "2-1", "x:1")]), tmp_path / "out")


def test_text_is_written_normalised(tmp_path):
    test = [RawPair("cafe\u0301\u2028\x00 zu", "ein\u00a0Café\t", None, "x:1")]
    split = run(corpus(test=test), tmp_path / "out").split("test")
    assert (split.source_sentences(), split.target_sentences()) == (["café zu"], ["ein Café"])


def test_wrong_settings_are_named(tmp_path):
    with pytest.raises(ParamsError) as caught:
        run(corpus(), tmp_path / "out", vocabulary_size=100, max_bad_ratio=2.0)
    assert str(caught.value).splitlines() == [
        "params.yaml prepare.vocabulary_size: got 100, need >= 300",
        "params.yaml prepare.max_bad_ratio: got 2.0, need <= 1.0",
    ]


def test_memory_does_not_grow_with_the_corpus(tmp_path, monkeypatch):
    monkeypatch.setattr("enface.data.prepare._TOKENIZER_PAIRS", 200)
    monkeypatch.setattr("enface.data.prepare._CHUNK_PAIRS", 200)
    monkeypatch.setattr("enface.data.writing._CHUNK_SENTENCES", 200)

    class Streamed(Listed):
        def pairs(self, split):
            yield from sentences(10_000 if split == "train" else 5, seed=len(split))

    tracemalloc.start()
    run(Streamed(train=[], validation=[], test=[]), tmp_path / "out")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < (tmp_path / "out" / "train.source").stat().st_size + 1_000_000


def test_a_judge_is_asked_about_training_pairs_alone_in_chunks_and_after_the_rules(tmp_path, monkeypatch):
    monkeypatch.setattr("enface.data.prepare._CHUNK_PAIRS", 64)
    asked = []

    def accepts(pairs):
        asked.append(len(pairs))
        return [len(source.split()) % 2 == 0 for source, _ in pairs]

    training = [RawPair("", "x", None, "corpus:0"), *sentences(200, seed=1)]
    settings = parse_section(SETTINGS, "params.yaml prepare", PrepareSection)
    reader = corpus(train=training)
    prepare(
        reader, tmp_path / "out", title="toy", languages=("en", "de"), settings=settings, open_judge=lambda: accepts
    )
    even = [pair for pair in training if pair.source and len(pair.source.split()) % 2 == 0]
    assert asked == [63, 64, 64, 9]
    assert PreparedFolder(tmp_path / "out").split("train").source_sentences() == [pair.source for pair in even]
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["splits"]["train"]["rejected"] == {"empty": 1, "judge": 200 - len(even)}
    assert report["splits"]["validation"]["rejected"] == {}
    places = [line.split("\t")[2] for line in (tmp_path / "out" / "rejects.tsv").read_text().splitlines()[1:]]
    assert places == [f"corpus:{line}" for line in sorted(int(place.partition(":")[2]) for place in places)]


class Elsewhere:
    """As in another process: everything that goes there and comes from there is pickled."""

    def map(self, make, chunks):
        make, chunks = pickle.loads(pickle.dumps((make, chunks)))
        function = make()
        for chunk in chunks:
            yield pickle.loads(pickle.dumps(function(pickle.loads(pickle.dumps(chunk)))))


def test_the_bytes_are_the_same_wherever_pairs_are_sifted_and_encoded(tmp_path, monkeypatch):
    settings = parse_section(SETTINGS, "params.yaml prepare", PrepareSection)
    for out, options in (("here", {}), ("elsewhere", {"mapper": Elsewhere()})):
        reader = BuiltinReader("en", "de", seed=1, sizes={"train": 300, "validation": 20, "test": 20})
        prepare(reader, tmp_path / out, title="toy", languages=("en", "de"), settings=settings, **options)
        monkeypatch.setattr("enface.data.prepare._CHUNK_PAIRS", 64)
        monkeypatch.setattr("enface.data.writing._CHUNK_SENTENCES", 100)
    assert files(tmp_path / "here") == files(tmp_path / "elsewhere")
