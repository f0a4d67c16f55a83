import pytest

from enface.data.prepare import FilterSection, PrepareSection, prepare
from enface.data.prepared import PreparedFolder
from enface.data.readers.builtin import BuiltinReader
from enface.judging.pairs import pairs_of

SETTINGS = PrepareSection(
    vocabulary_size=400,
    max_length_words=60,
    max_length_ratio=4.0,
    max_bad_ratio=0.05,
    judge=FilterSection(folder="", threshold=0.5),
    align=False,
    ray="",
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus") / "prepared"
    reader = BuiltinReader("en", "de", seed=1, sizes={"train": 50, "validation": 5, "test": 5})
    prepare(reader, folder, title="builtin", languages=("en", "de"), settings=SETTINGS)
    return PreparedFolder(folder)


def test_all_pairs_of_a_split_in_order(prepared):
    split = prepared.split("train")
    expected = list(zip(split.source_sentences(), split.target_sentences(), strict=True))
    assert pairs_of(prepared, "train", most=50) == pairs_of(prepared, "train", most=1000) == expected


@pytest.mark.parametrize(("most", "every"), [(49, 2), (25, 2), (20, 3), (1, 50)])
def test_of_more_pairs_every_nth(prepared, most, every):
    found = pairs_of(prepared, "train", most=most)
    assert found == pairs_of(prepared, "train", most=50)[::every]
    assert len(found) <= most
