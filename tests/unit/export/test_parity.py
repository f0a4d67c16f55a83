import numpy as np
import pytest

from enface.bundle import SearchSettings
from enface.data.tokenizer import Tokenizer
from enface.errors import ExportError
from enface.export.parity import Best, best_of_graph, best_of_model, bleu_of, check_parity

SEARCH = SearchSettings(
    beam_size=3, length_penalty=1.0, max_length_ratio=1.5, max_length_extra_tokens=2, max_source_characters=100
)
SENTENCES = ["a red coat at the bus stop", "two dogs are playing"]


class RandomSplit:
    """As many source sentences as make more than one batch, of lengths out of order; the targets are the same."""

    def __init__(self, count=40):
        random = np.random.default_rng(1)
        self.source_lengths = self.target_lengths = random.integers(1, 8, count)
        self._sources = [random.integers(3, 40, length).astype(np.int32) for length in self.source_lengths]

    def source(self, index):
        return self._sources[index]

    target = source


class WrittenSplit:
    """One of known translations."""

    def target_sentences(self):
        return SENTENCES


def best(ids=(5, 2), score=-1.0, weight=1.0):
    return Best(np.array(ids), score, np.full((len(ids), 1), weight))


def test_graph_and_model_translate_a_split_the_same_in_its_order(made):
    split = RandomSplit()
    model = best_of_model(made.translator, split, 36, SEARCH)
    graph = best_of_graph(made.folder / "graph.onnx", split, 36, SEARCH)
    assert len(model) == 36
    differences = check_parity(model, graph, tolerance=1e-4)
    assert set(differences) == {"largest_score_difference", "largest_weight_difference"}
    for found, length in zip(graph, split.source_lengths, strict=False):
        assert found.attention.shape[0] == len(found.ids)
        assert (found.attention[:, length + 1 :] == 0).all()
    assert len({len(found.ids) for found in graph}) > 2


def test_the_largest_differences_are_reported():
    differences = check_parity([best(), best()], [best(score=-1.25), best(weight=0.875)], tolerance=0.5)
    assert differences == {"largest_score_difference": 0.25, "largest_weight_difference": 0.125}


def test_another_token_is_an_error_that_names_the_sentences():
    with pytest.raises(ExportError) as caught:
        check_parity([best(), best(), best()], [best(), best((6, 2)), best((5, 5, 2))], tolerance=1.0)
    assert str(caught.value) == (
        "export: graph and model translate 2 of 3 validation sentences differently, sentences [1, 2]; "
        "the graph is not written"
    )


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (best(score=-1.5), "score difference between graph and model is 0.5"),
        (best(score=float("nan")), "score difference between graph and model is nan"),
        (best(weight=0.75), "weight difference between graph and model is 0.25"),
        (best(weight=float("nan")), "weight difference between graph and model is nan"),
    ],
)
def test_another_score_or_weight_is_an_error_wherever_it_stands(other, found):
    for position in range(3):
        graph = [best()] * 3
        graph[position] = other
        with pytest.raises(ExportError) as caught:
            check_parity([best()] * 3, graph, tolerance=0.1)
        assert str(caught.value) == (
            f"export: largest {found}, need <= export.parity_tolerance 0.1; the graph is not written"
        )


def test_bleu_is_that_of_the_decoded_sentences():
    tokenizer = Tokenizer.train(SENTENCES * 4, vocabulary_size=400)
    perfect = [best([*encoding.ids, 2]) for encoding in tokenizer.encode_batch(SENTENCES)]
    assert bleu_of(perfect, WrittenSplit(), tokenizer) == pytest.approx(100)
    assert bleu_of(perfect[:1], WrittenSplit(), tokenizer) == pytest.approx(100)
    assert bleu_of([perfect[1], perfect[0]], WrittenSplit(), tokenizer) < 10
