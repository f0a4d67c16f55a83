import math

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from enface.data.tokenizer import BOS, EOS, PAD, UNK
from enface.decoding.beam import SpecialTokens
from enface.decoding.translate import BeamTranslator, search
from enface.errors import ParamsError, RequestError
from enface.explaining.recording import source_attentions, watched
from enface.explaining.trace import _candidates
from enface.model.transformer import AlignmentHead
from tests.unit.explaining import made
from tests.unit.model import tiny

KINDS = sorted(tiny.KINDS)
ATTENTIVE = [kind for kind in KINDS if tiny.KINDS[kind].get("score") != "none"]


def searched(model, text=made.TEXT):
    """Source and best hypothesis, found without `explain`."""
    source = torch.tensor([[*made.tokenizer().encode(text).ids, EOS]])
    found = search(BeamTranslator(model, SpecialTokens(PAD, BOS, EOS)), source, beam_size=3, max_length=9, alpha=0.8)
    return source, found


@pytest.mark.parametrize("kind", KINDS)
@torch.inference_mode()
def test_what_is_shown_is_what_the_search_and_the_model_did(kind):
    model = made.model(**tiny.KINDS[kind])
    explanation = made.explanation(model)
    source, found = searched(model)
    length = int(found.lengths[0, 0])
    looking = explanation.lookings[explanation.aligning]
    assert_allclose(looking.weights, found.attention[0, 0, :length], atol=1e-5)
    assert_allclose(looking.weights.sum(axis=1), 1.0, rtol=1e-5)
    assert explanation.score == found.scores[0, 0].item()
    shifted = torch.nn.functional.pad(found.tokens[:, 0, : length - 1], (1, 0), value=BOS)
    decoded = model(source, source != PAD, shifted)
    assert_allclose(looking.weights, decoded.weights[0], atol=1e-6)
    assert_allclose(looking.scores, decoded.scores[0], atol=1e-5)
    assert_allclose(explanation.states, model.encode(source, source != PAD).states[0], atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_the_probabilities_of_the_steps_make_the_score(kind):
    explanation = made.explanation(made.model(**tiny.KINDS[kind]))
    chosen = [[one for one in step if one.chosen] for step in explanation.candidates]
    assert all(len(found) == 1 for found in chosen)
    total = sum(math.log(found[0].probability) for found in chosen)
    assert explanation.score == pytest.approx(total / ((5 + len(chosen)) / 6) ** 0.8, rel=1e-4)
    assert [found[0].piece for found in chosen] == explanation.target.pieces


@pytest.mark.parametrize("kind", ATTENTIVE)
@torch.inference_mode()
def test_a_context_is_the_mean_of_the_values_by_the_weights_and_the_models_own(kind):
    model = made.model(**tiny.KINDS[kind])
    explanation = made.explanation(model)
    source, found = searched(model)
    memories, _ = model.prepare(source, source != PAD)
    for head, looking in zip(model.alignment_heads(), explanation.lookings, strict=True):
        memory = memories[head.layer].values[0]
        if memory.dim() == 3 and head.head is None:  # all heads side by side, each mixed by weights of its own
            others = [seen for seen in explanation.lookings if seen.layer == head.layer and seen.head is not None]
            expected = np.concatenate([seen.contexts for seen in others], axis=1)
            assert_allclose(looking.weights, np.mean([seen.weights for seen in others], axis=0), atol=1e-6)
        else:
            values = memory if memory.dim() == 2 else memory[head.head]
            assert_allclose(looking.values, values, atol=1e-6)
            expected = looking.weights @ looking.values
        assert_allclose(looking.contexts, expected, atol=1e-4)
    assert int(found.lengths[0, 0]) == len(looking.contexts)


def test_without_attention_each_context_is_the_encoders_final_state():
    model = made.model(score="none")
    explanation = made.explanation(model)
    (looking,) = explanation.lookings
    source, _ = searched(model)
    with torch.inference_mode():
        final = model.encode(source, source != PAD).final[0]
    assert_allclose(looking.contexts, np.tile(final, (len(looking.contexts), 1)), atol=1e-6)
    assert_allclose(looking.values, explanation.states)
    assert (looking.weights[:, -1] == 1).all()


def test_a_beam_of_one_takes_the_likeliest_each_time():
    explanation = made.explanation(made.model(), beam_size=1)
    for step in explanation.candidates:
        assert step[0].chosen
        assert [one.probability for one in step] == sorted((one.probability for one in step), reverse=True)
        assert len(step) == 5


def test_what_the_search_took_is_shown_even_if_it_is_none_of_the_likeliest():
    falling = torch.log_softmax(-torch.arange(made.tokenizer().vocabulary_size).float(), dim=0)
    ((*likeliest, taken),) = _candidates(made.tokenizer(), falling.unsqueeze(0), torch.tensor([300]))
    assert [one.piece for one in likeliest] == ["<pad>", "<s>", "</s>", "<unk>", "<0x00>"]
    assert not any(one.chosen for one in likeliest)
    assert taken.chosen


def test_specials_that_an_untrained_model_says_are_steps_too():
    model = made.model(end=-9.0)
    with torch.no_grad():
        model.output_bias[UNK] = 30.0
    explanation = made.explanation(model, max_length=3)
    assert explanation.target.pieces == ["<unk>"] * 3
    assert explanation.target.words == [""]
    assert len(explanation.lookings[0].weights) == 3


@pytest.mark.parametrize("window", ["local_monotonic", "local_predictive"])
def test_the_middle_of_a_local_window_is_where_its_reach_says(window):
    model = made.model(score="general", window=window, window_radius=2, end=-3.0)
    (looking,) = made.explanation(model).lookings
    places, last = np.arange(looking.scores.shape[1]), looking.scores.shape[1] - 1
    for step, (row, centre) in enumerate(zip(looking.scores, looking.centres, strict=True)):
        assert np.array_equal(np.isfinite(row), np.abs(places - centre) <= 2)
        if window == "local_monotonic":
            assert centre == min(step, last)


def test_a_global_window_has_no_middle():
    assert made.explanation(made.model()).lookings[0].centres is None


def test_a_transformer_shows_each_layer_and_head_and_which_of_them_aligns():
    model = made.model(network="transformer")
    model.align_with(AlignmentHead(1, 2))
    explanation = made.explanation(model)
    heads = [(looking.layer, looking.head) for looking in explanation.lookings]
    assert heads == [(layer, head) for layer in (0, 1) for head in (None, 0, 1, 2)]
    assert heads[explanation.aligning] == (1, 2)


def test_watching_leaves_nothing_behind():
    model = made.model(decoder="bahdanau")
    (attention,) = source_attentions(model)
    with watched(model):
        assert attention._forward_hooks
    assert not attention._forward_hooks
    with pytest.raises(IndexError), watched(model):
        model.embedding(torch.tensor(10**6))
    assert not attention._forward_hooks


def test_both_sides_have_their_words_and_end():
    explanation = made.explanation(made.model(end=-9.0))
    assert explanation.source.words == ["The", "old", "dog", "sees", "a", "tree", ".", "</s>"]
    assert len(explanation.source.pieces) == len(explanation.source.word_of) == len(explanation.states)
    assert explanation.source.ended
    assert not explanation.target.ended, "cut off at the longest length"
    assert len(explanation.target.pieces) == 9


def test_what_cannot_be_explained():
    with pytest.raises(RequestError) as blank:
        made.explanation(made.model(), " \n")
    assert str(blank.value) == "text: got no visible character, need a sentence to explain"
    size = made.tokenizer().vocabulary_size
    with pytest.raises(ParamsError) as other:
        made.explanation(tiny.model())
    assert str(other.value) == (
        f"tokenizer: got one of {size} subwords, need one of 40, which the model was trained with; "
        "name the corpus that it was trained on"
    )
