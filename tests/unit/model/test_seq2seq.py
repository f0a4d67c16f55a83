import itertools

import pytest
import torch
from torch.testing import assert_close

from enface.model.attention.composition import NoAttention
from enface.model.seq2seq import Seq2Seq
from enface.model.transformer import AlignmentHead
from tests.unit.model import tiny

LENGTHS = [4, 2, 6]


@pytest.fixture(params=tiny.KINDS)
def model(request):
    return tiny.model(**tiny.KINDS[request.param])


def test_more_padding_changes_nothing(model):
    source, valid = tiny.source_batch(LENGTHS)
    target = torch.randint(1, tiny.VOCABULARY_SIZE, (3, 5))
    narrow = model(source, valid, target)
    wide = model(torch.nn.functional.pad(source, (0, 3)), torch.nn.functional.pad(valid, (0, 3)), target)
    assert_close(wide.readout, narrow.readout)
    assert_close(wide.weights, torch.nn.functional.pad(narrow.weights, (0, 3)))


def test_the_order_of_the_batch_changes_nothing(model):
    source, valid = tiny.source_batch(LENGTHS)
    target, order = torch.randint(1, tiny.VOCABULARY_SIZE, (3, 5)), torch.tensor([1, 2, 0])
    straight, shuffled = model(source, valid, target), model(source[order], valid[order], target[order])
    assert_close(shuffled.readout, straight.readout[order])
    assert_close(shuffled.weights, straight.weights[order])


def test_step_by_step_equals_teacher_forcing(model):
    source, valid = tiny.source_batch(LENGTHS)
    target = torch.randint(1, tiny.VOCABULARY_SIZE, (3, 5))
    forced = model(source, valid, target)
    expected = torch.log_softmax(model.logits(forced.readout), -1)
    memories, state = model.prepare(source, valid)
    for time in range(5):
        tokens = target[:, time : time + 1]
        readout, state, weights = model.step(tokens, state, memories, torch.tensor(time))
        log_probabilities = model.log_probabilities(readout)
        assert_close(log_probabilities[:, 0], expected[:, time])
        assert_close(weights[:, 0], forced.weights[:, time])
        assert_close(log_probabilities.exp().sum(-1), torch.ones(3, 1))


def test_a_later_target_token_changes_nothing_before_it(model):
    source, valid = tiny.source_batch(LENGTHS)
    target = torch.randint(3, tiny.VOCABULARY_SIZE, (3, 5))
    other = target.clone()
    other[:, 3:] = 1
    before, after = model(source, valid, target).readout, model(source, valid, other).readout
    assert_close(after[:, :3], before[:, :3])
    assert not torch.allclose(after[:, 3:], before[:, 3:])


def test_the_source_matters(model):
    source, valid = tiny.source_batch(LENGTHS)
    target, other = torch.ones(3, 1, dtype=torch.int64), source.clone()
    other[:, 0] = 3
    assert not torch.allclose(model(other, valid, target).readout, model(source, valid, target).readout)


def test_one_matrix_embeds_both_languages_and_reads_out_words(model):
    words = [name for name, values in model.named_parameters() if tiny.VOCABULARY_SIZE in values.shape]
    assert words == ["output_bias", "embedding.weight"]
    readout = torch.randn(2, model.embedding.embedding_dim)
    assert_close(model.logits(readout), readout @ model.embedding.weight.T + model.output_bias)


def test_embeddings_are_as_large_as_their_width_asks(model):
    source, valid = tiny.source_batch(LENGTHS)
    embedding = model.embedding.weight
    expected = model.encoder(embedding[source] * embedding.shape[1] ** 0.5, valid)
    assert_close(model.encode(source, valid), expected)


def test_every_parameter_learns(model, request):
    source, valid = tiny.source_batch(LENGTHS)
    model.train()
    decoded = model(source, valid, source)
    model.logits(decoded.readout).logsumexp(-1).sum().backward()
    idle = [name for name, values in model.named_parameters() if values.grad is None or not values.grad.any()]
    sampled = "reinforce" in request.node.name  # what it learns from is a reward for its scores
    assert idle == (["decoder.attention.score.key.weight"] if sampled else [])
    assert decoded.scores.requires_grad is not isinstance(getattr(model.decoder, "attention", None), NoAttention)


def test_dropout_acts_in_training_alone(model):
    source, valid = tiny.source_batch(LENGTHS)
    assert torch.equal(model(source, valid, source).readout, model(source, valid, source).readout)
    model.train()
    assert not torch.equal(model(source, valid, source).readout, model(source, valid, source).readout)


def test_the_same_seed_makes_the_same_model():
    models = []
    for _ in range(2):
        torch.manual_seed(3)
        models.append(Seq2Seq(tiny.section(), 10))
    pairs = zip(models[0].state_dict().values(), models[1].state_dict().values(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


@pytest.mark.parametrize(
    "kind", [{"network": "transformer"}, {"network": "transformer", "positions": "rotary"}], ids=str
)
def test_each_layer_and_head_of_a_transformer_can_stand_for_the_alignment(kind):
    model = tiny.model(**kind)
    source, valid = tiny.source_batch(LENGTHS)
    assert model.alignment_heads() == [AlignmentHead(layer, head) for layer in (0, 1) for head in (None, 0, 1, 2)]
    shown = {}
    for head in model.alignment_heads():
        model.align_with(head)
        shown[head] = model(source, valid, source)
    readouts = [decoded.readout for decoded in shown.values()]
    assert all(torch.equal(readout, readouts[0]) for readout in readouts)
    weights = [decoded.weights for decoded in shown.values()]
    assert not any(torch.allclose(one, other) for one, other in itertools.combinations(weights, 2))
    for layer in (0, 1):
        heads = torch.stack([shown[AlignmentHead(layer, head)].weights for head in range(3)])
        assert_close(shown[AlignmentHead(layer, None)].weights, heads.mean(0))
        one = shown[AlignmentHead(layer, 1)]
        assert_close(torch.softmax(one.scores, -1), one.weights)


def test_before_it_is_measured_the_last_layer_but_one_stands_for_the_alignment():
    assert tiny.model(network="transformer", decoder_layers=3).decoder.alignment_head == AlignmentHead(1, None)
    assert tiny.model(network="transformer", decoder_layers=1).decoder.alignment_head == AlignmentHead(0, None)


def test_a_single_head_is_listed_once():
    model = tiny.model(network="transformer", heads=1)
    assert model.alignment_heads() == [AlignmentHead(0, None), AlignmentHead(1, None)]


def test_a_recurrent_decoder_has_the_one_alignment_that_it_shows():
    model = tiny.model()
    source, valid = tiny.source_batch(LENGTHS)
    before = model(source, valid, source).weights
    (only,) = model.alignment_heads()
    model.align_with(only)
    assert only == AlignmentHead(0, None)
    assert torch.equal(model(source, valid, source).weights, before)
