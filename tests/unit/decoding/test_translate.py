import pytest
import torch
from torch.testing import assert_close

from enface.decoding.beam import SpecialTokens, beam_search, length_penalty
from enface.decoding.translate import BeamTranslator, search
from enface.model.state import State
from tests.unit.model import tiny

SPECIAL = SpecialTokens(pad=0, begin=1, end=2)
LENGTHS = [4, 2, 6, 1]


@pytest.fixture(params=tiny.KINDS)
def translator(request):
    return BeamTranslator(tiny.model(**tiny.KINDS[request.param], end=3.0), SPECIAL)


def best(translator, source, **changes):
    return search(translator, source, **{"beam_size": 3, "max_length": 7, "alpha": 0.8} | changes)


@torch.inference_mode()
def test_scores_and_attention_are_those_of_teacher_forcing(translator):
    source, valid = tiny.source_batch(LENGTHS)
    hypotheses = best(translator, source)
    assert 1 < hypotheses.lengths.float().mean() < 7
    for beam in range(3):
        tokens, lengths = hypotheses.tokens[:, beam], hypotheses.lengths[:, beam]
        real = torch.arange(7) < lengths.unsqueeze(1)
        shifted = torch.nn.functional.pad(tokens, (1, -1), value=SPECIAL.begin)
        forced = translator.model(source, valid, shifted)
        each = torch.log_softmax(translator.model.logits(forced.readout), -1).gather(2, tokens.unsqueeze(-1))[..., 0]
        expected = (each * real).sum(1) / length_penalty(lengths, torch.tensor(0.8))
        assert_close(hypotheses.scores[:, beam], expected)
        assert_close(hypotheses.attention[:, beam], forced.weights * real.unsqueeze(-1))
        assert_close(hypotheses.token_log_probabilities[:, beam], each * real)


def test_attention_sums_to_one_and_is_exactly_zero_on_padding_and_behind_the_end(translator):
    source, valid = tiny.source_batch(LENGTHS, width=8)
    hypotheses = best(translator, source)
    real = (torch.arange(7) < hypotheses.lengths.unsqueeze(-1)).float()
    assert_close(hypotheses.attention.sum(-1), real)
    assert (hypotheses.attention.permute(0, 3, 1, 2)[~valid] == 0).all()


def test_more_padding_changes_nothing(translator):
    source, _ = tiny.source_batch(LENGTHS)
    narrow, wide = best(translator, source), best(translator, torch.nn.functional.pad(source, (0, 3)))
    for part, wide_part in zip(narrow[:3], wide[:3], strict=True):
        assert_close(wide_part, part)
    assert_close(wide.attention[..., :6], narrow.attention)
    assert (wide.attention[..., 6:] == 0).all()


def test_neither_the_order_of_the_batch_nor_its_other_sentences_change_a_translation(translator):
    source, _ = tiny.source_batch(LENGTHS)
    order = torch.tensor([2, 0, 3, 1])
    whole, shuffled = best(translator, source), best(translator, source[order])
    for part, shuffled_part in zip(whole, shuffled, strict=True):
        assert_close(shuffled_part, part[order])
    alone = best(translator, source[1:2, :2])
    assert_close(alone.tokens, whole.tokens[1:2])
    assert_close(alone.scores, whole.scores[1:2])
    assert_close(alone.attention, whole.attention[1:2, ..., :2])


def test_what_the_search_found_is_found_again_when_forced(translator):
    source, _ = tiny.source_batch(LENGTHS)
    hypotheses = best(translator, source)
    for beam in range(3):
        tokens = hypotheses.tokens[:, beam]
        prefix = tokens.masked_fill(tokens == SPECIAL.pad, -1)
        forced = translator(
            source, prefix, torch.zeros(1, dtype=torch.int64), torch.zeros(7, dtype=torch.int64), torch.tensor(0.8)
        )
        assert torch.equal(forced.tokens[:, 0], tokens)
        assert torch.equal(forced.lengths[:, 0], hypotheses.lengths[:, beam])
        assert_close(forced.scores[:, 0], hypotheses.scores[:, beam])
        assert_close(forced.attention[:, 0], hypotheses.attention[:, beam])
        assert_close(forced.token_log_probabilities[:, 0], hypotheses.token_log_probabilities[:, beam])


@torch.inference_mode()
def test_the_search_equals_one_that_reads_the_whole_prefix_anew_at_each_step(translator):
    source, valid = tiny.source_batch(LENGTHS)
    rows = torch.arange(len(LENGTHS)).repeat_interleave(3)

    def step(tokens, state, time):
        read = torch.cat([state.own[0], tokens.unsqueeze(2)], 2)
        decoded = translator.model(source[rows], valid[rows], read.flatten(0, 1))
        readout, weights = (part[:, -1].reshape(len(LENGTHS), 3, -1) for part in decoded[:2])
        return readout, State((read,)), weights

    expected = beam_search(
        step,
        lambda readout: torch.log_softmax(translator.model.logits(readout), -1),
        State((torch.zeros(len(LENGTHS), 1, 0, dtype=torch.int64),)),
        prefix=torch.full((len(LENGTHS), 1), -1),
        beams=torch.zeros(3, dtype=torch.int64),
        steps=torch.zeros(7, dtype=torch.int64),
        alpha=torch.tensor(0.8),
        source_size=6,
        special=SPECIAL,
    )
    found = best(translator, source)
    assert torch.equal(found.tokens, expected.tokens)
    assert_close(found.scores, expected.scores)
    assert_close(found.attention, expected.attention)


def test_shifted_attention_of_a_token_is_that_of_the_step_after_it(translator):
    source, _ = tiny.source_batch(LENGTHS)
    plain = best(translator, source)
    shifted = best(BeamTranslator(translator.model, SPECIAL, shift=1), source)
    assert torch.equal(shifted.tokens, plain.tokens)
    lengths = plain.lengths.flatten().tolist()
    for length, rows, own in zip(lengths, shifted.attention.flatten(0, 1), plain.attention.flatten(0, 1), strict=True):
        assert torch.equal(rows[: length - 1], own[1:length])
        assert torch.equal(rows[length - 1 :], own[length - 1 :])
