"""Which attention is chosen, on models whose attention is made up: the choice must find the one that aligns."""

import pytest
import torch

from enface.data.prepared import VALIDATION, PreparedFolder
from enface.export.alignment import choose_alignment
from enface.model.decoder import Decoded
from enface.model.transformer import AlignmentHead
from tests.unit.training import made


class Pointing:
    """A model of two layers with two heads, of which one points at the right source subword: backwards, see `made`."""

    def __init__(self, right, shift):
        self.right, self.shift = right, shift
        self.chosen = None

    def alignment_heads(self):
        return [AlignmentHead(layer, head) for layer in (0, 1) for head in (None, 0, 1)]

    def align_with(self, head):
        self.chosen = head

    def __call__(self, source, source_valid, target_input):
        rows, columns = target_input.shape[1], source.shape[1]
        length = source_valid.sum(1, keepdim=True) - 1
        places = torch.arange(rows) - self.shift
        pointed = length - 1 - places if self.chosen == self.right else places.expand(len(source), -1)
        weights = torch.nn.functional.one_hot(pointed.clamp(0, columns - 1), columns).float()
        return Decoded(weights, weights, weights)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """Pairs whose target is the source backwards, mostly a subword a word."""
    return PreparedFolder(made.write_prepared(tmp_path_factory.mktemp("prepared") / "corpus", train=400))


@pytest.mark.parametrize("right", [AlignmentHead(0, 1), AlignmentHead(1, None)])
@pytest.mark.parametrize("shift", [0, 1])
def test_the_head_that_agrees_with_the_opposite_direction_is_chosen(prepared, right, shift):
    model = Pointing(right, shift)
    best, second, *_ = choose_alignment([model], prepared, sentences=20, link_threshold=0.3)
    assert (best.head, best.shift) == (right, shift)
    assert best.error_rate < 0.8 * second.error_rate
    assert model.chosen == right


@pytest.mark.parametrize("better", [0, 1])
def test_of_several_models_that_with_the_best_head_is_chosen(prepared, better):
    nowhere = AlignmentHead(9, 9)
    members = [Pointing(AlignmentHead(1, 0) if number == better else nowhere, 0) for number in (0, 1)]
    best, *_ = choose_alignment(members, prepared, sentences=20, link_threshold=0.3)
    assert (best.member, best.head) == (better, AlignmentHead(1, 0))
    assert members[better].chosen == AlignmentHead(1, 0)


def test_where_there_are_gold_links_they_decide(prepared, tmp_path):
    """The links given here are the diagonal ones, which no opposite direction would find."""
    for file in prepared.path.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    sentences = prepared.split(VALIDATION).source_sentences()
    lines = [" ".join(f"{word}-{word}" for word in range(len(text.split()))) for text in sentences]
    (tmp_path / f"{VALIDATION}.links").write_text("".join(f"{line}\n" for line in lines))
    model = Pointing(AlignmentHead(0, 1), 0)
    best, second, *_ = choose_alignment([model], PreparedFolder(tmp_path), sentences=20, link_threshold=0.3)
    assert (best.head, best.shift) == (AlignmentHead(0, None), 0)
    assert best.error_rate <= second.error_rate
