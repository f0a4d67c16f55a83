import pytest
import torch
from torch.testing import assert_close

from enface.errors import ParamsError
from enface.model.seq2seq import ModelSection, Seq2Seq
from enface.params import parse_section
from tests.unit.model import tiny

LENGTHS = [4, 2, 6]
KINDS = [
    ("additive", "bahdanau", "gru"),
    ("additive", "luong", "lstm"),
    ("none", "bahdanau", "lstm"),
    ("none", "luong", "gru"),
]


@pytest.fixture(params=KINDS, ids="-".join)
def model(request):
    attention, decoder, cell = request.param
    return tiny.model(attention=attention, decoder=decoder, cell=cell, encoder_layers=2)


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
    memory, state = model.prepare(source, valid)
    for time in range(5):
        log_probabilities, state, weights = model.step(target[:, time : time + 1], state, memory)
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
    readout = torch.randn(2, 6)
    assert_close(model.logits(readout), readout @ model.embedding.weight.T + model.output_bias)


def test_embeddings_are_as_large_as_their_width_asks(model):
    source, valid = tiny.source_batch(LENGTHS)
    states = model.encoder(model.embedding.weight[source] * 6**0.5, valid)
    _, state = model.prepare(source, valid)
    assert_close(state, model.decoder.start(states))


def test_every_parameter_learns(model):
    source, valid = tiny.source_batch(LENGTHS)
    model.train()
    model.logits(model(source, valid, source).readout).logsumexp(-1).sum().backward()
    assert [name for name, values in model.named_parameters() if values.grad is None or not values.grad.any()] == []


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


def test_all_wrong_settings_are_named_together():
    values = tiny.section().model_dump() | {
        "attention": "aditive",
        "decoder": "cho",
        "hidden_size": 0,
        "dropout": 1.0,
        "layers": 2,
    }
    with pytest.raises(ParamsError) as caught:
        parse_section(values, "params.yaml model", ModelSection)
    assert str(caught.value).splitlines() == [
        "params.yaml model.attention: got 'aditive', need one of 'additive' or 'none'",
        "params.yaml model.decoder: got 'cho', need one of 'bahdanau' or 'luong'",
        "params.yaml model.hidden_size: got 0, need >= 1",
        "params.yaml model.dropout: got 1.0, need < 1.0",
        "params.yaml model.layers: unknown setting; did you mean 'encoder_layers'?",
    ]
