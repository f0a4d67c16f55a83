import pytest
import torch
from torch.testing import assert_close

from enface.decoding.beam import length_penalty
from tests.unit.decoding.table import (
    BEGIN,
    END,
    PAD,
    all_hypotheses,
    assert_same,
    found,
    past_rows,
    plain_search,
    random_table,
    score,
    search,
)

A, B = 3, 4
ALPHAS = [0.0, 0.6, 1.0, 3.0]


def garden_path():
    """One sentence whose likeliest first word A leads nowhere: P(A) = 0.6, then 0.45 at best; P(B) = 0.4, then END."""
    table = torch.zeros(1, 3, 5, 5)
    table[0, 0, BEGIN, [A, B]] = torch.tensor([0.6, 0.4])
    table[0, 1, A, [A, B, END]] = torch.tensor([0.45, 0.35, 0.2])
    table[0, 1, B, [END, A]] = torch.tensor([0.9, 0.1])
    table[0, 2, :, END] = 1.0
    return table.log()


def test_a_beam_of_two_finds_what_a_greedy_search_misses():
    assert_same(found(search(garden_path(), width=1, longest=3), 0), [((A, A, END), -1.309333)])
    best = search(garden_path(), width=2, longest=3)
    assert_same(found(best, 0), [((B, END), -1.021651), ((A, A, END), -1.309333)])
    assert best.tokens.tolist() == [[[B, END, PAD], [A, A, END]]]
    assert best.lengths.tolist() == [[2, 3]]


def test_the_length_penalty_is_wus():
    assert_close(length_penalty(torch.tensor([1, 7, 13]), torch.tensor(1.0)), torch.tensor([1.0, 2.0, 3.0]))
    assert_close(length_penalty(torch.tensor([1, 7, 13]), torch.tensor(2.0)), torch.tensor([1.0, 4.0, 9.0]))
    assert_close(length_penalty(torch.tensor([1, 7, 13]), torch.tensor(0.0)), torch.ones(3))


def test_a_length_penalty_favours_the_longer_hypothesis():
    plain, penalised = (search(garden_path(), width=2, longest=3, alpha=alpha) for alpha in (0.0, 3.0))
    assert plain.lengths[0, 0] == 2
    assert penalised.lengths[0, 0] == 3
    assert_close(penalised.scores[0, 0].item(), -1.309333 / (8 / 6) ** 3, rtol=0, atol=1e-5)


@pytest.mark.parametrize("alpha", ALPHAS)
def test_the_widest_beam_equals_brute_force(alpha):
    table, hypotheses = random_table(2, 3, 5, seed=1), list(all_hypotheses(5, 3))
    best = search(table, width=len(hypotheses), longest=3, alpha=alpha)
    for sentence in range(2):
        scored = [(tokens, score(table, sentence, tokens, alpha)) for tokens in hypotheses]
        assert_same(found(best, sentence), sorted(scored, key=lambda pair: -pair[1]))


def test_a_beam_wider_than_there_are_hypotheses_ends_in_impossible_ones():
    table, hypotheses = random_table(2, 3, 5, seed=1), list(all_hypotheses(5, 3))
    best = search(table, width=len(hypotheses) + 2, longest=3, alpha=1.0)
    assert best.scores[:, -2:].tolist() == [[float("-inf")] * 2] * 2
    assert best.scores[:, :-2].isfinite().all()
    assert not best.attention.isnan().any()


@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("width", [1, 2, 3, 7])
@pytest.mark.parametrize("end", [-2.0, 1.0])
def test_a_narrow_beam_equals_the_search_in_plain_python(alpha, width, end):
    table = random_table(4, 8, 7, seed=2, end=end)
    best = search(table, width=width, longest=8, alpha=alpha)
    for sentence in range(4):
        assert_same(found(best, sentence), plain_search(table, sentence, width=width, longest=8, alpha=alpha))


def test_a_beam_of_one_is_greedy():
    table = random_table(5, 6, 7, seed=3)
    best = search(table, width=1, longest=6)
    for sentence in range(5):
        tokens = []
        while len(tokens) < 6 and END not in tokens:
            following = table[sentence, len(tokens), tokens[-1] if tokens else BEGIN].clone()
            following[PAD] = float("-inf")
            tokens.append(following.argmax().item())
        assert found(best, sentence)[0][0] == tuple(tokens)


def test_scores_are_sorted_and_lengths_end_at_the_end_token():
    best = search(random_table(6, 8, 7, seed=4, end=1.0), width=4, longest=8, alpha=1.0)
    assert (best.scores.diff(dim=1) <= 0).all()
    ended = 0
    for tokens, length in zip(best.tokens.flatten(0, 1).tolist(), best.lengths.flatten().tolist(), strict=True):
        assert END not in tokens[: length - 1]
        assert PAD not in tokens[:length]
        assert tokens[length:] == [PAD] * (8 - length)
        assert tokens[length - 1] == END or length == 8
        ended += length < 8
    assert ended > 6


def test_each_attention_row_belongs_to_its_hypothesis_and_is_zero_behind_the_end():
    best = search(random_table(6, 8, 7, seed=4, end=1.0), width=4, longest=8, alpha=1.0)
    for sentence in range(6):
        for (tokens, _), attention in zip(found(best, sentence), best.attention[sentence], strict=True):
            assert_close(attention[: len(tokens)], past_rows(tokens, 7))
            assert (attention[len(tokens) :] == 0).all()


def test_each_token_has_its_own_probability_and_what_is_behind_the_end_none():
    table = random_table(6, 8, 7, seed=4, end=1.0)
    best = search(table, width=4, longest=8, alpha=1.0)
    for sentence in range(6):
        for (tokens, _), chances in zip(found(best, sentence), best.token_log_probabilities[sentence], strict=True):
            expected = [
                table[sentence, time, before, token].item()
                for time, (before, token) in enumerate(zip([BEGIN, *tokens], tokens, strict=False))
            ]
            assert_close(chances, torch.tensor([*expected, *[0.0] * (8 - len(tokens))]))
    assert_close(best.token_log_probabilities.sum(-1), best.scores * length_penalty(best.lengths, torch.tensor(1.0)))


def test_finished_hypotheses_stay_as_they_are_however_long_the_search_goes_on():
    table = random_table(4, 12, 7, seed=5, end=2.0)
    brief, long = (search(table, width=1, longest=longest) for longest in (8, 12))
    ended = brief.tokens[:, 0, -1] == PAD
    assert ended.any()
    assert torch.equal(long.tokens[ended, :, :8], brief.tokens[ended])
    assert torch.equal(long.scores[ended], brief.scores[ended])
    assert torch.equal(long.attention[ended, :, :8], brief.attention[ended])
    assert (long.attention[ended, :, 8:] == 0).all()


def test_a_hypothesis_cut_off_has_no_end_token():
    best = search(random_table(3, 4, 6, seed=6, end=-20.0), width=2, longest=4)
    assert not (best.tokens == END).any()
    assert not (best.tokens == PAD).any()
    assert best.lengths.tolist() == [[4, 4]] * 3


@pytest.mark.parametrize("prefix", [None, [[3, -1], [-1, -1], [-1, 5], [4, 4], [-1, -1]]])
def test_neither_the_order_of_the_batch_nor_its_other_sentences_change_a_result(prefix):
    table, order = random_table(5, 8, 7, seed=7, end=1.0), [3, 0, 4, 1, 2]
    whole = search(table, width=3, longest=8, alpha=1.0, prefix=prefix)
    shuffled = search(table[order], width=3, longest=8, alpha=1.0, prefix=prefix and [prefix[n] for n in order])
    for part, shuffled_part in zip(whole, shuffled, strict=True):
        assert_close(shuffled_part, part[order])
    for sentence in range(5):
        rows = slice(sentence, sentence + 1)
        alone = search(table[rows], width=3, longest=8, alpha=1.0, prefix=prefix and prefix[rows])
        for part, alone_part in zip(whole, alone, strict=True):
            assert_close(alone_part, part[rows])


@pytest.mark.parametrize("alpha", ALPHAS)
def test_a_whole_prefix_is_scored_as_given(alpha):
    table, prefix = random_table(3, 6, 7, seed=8), [[5, 6, 3, END], [END, -1, -1, -1], [3, 3, END, -1]]
    best = search(table, width=1, longest=4, alpha=alpha, prefix=prefix)
    for sentence, given in enumerate(prefix):
        tokens = tuple(token for token in given if token >= 0)
        assert_same(found(best, sentence), [(tokens, score(table, sentence, tokens, alpha))])
        assert_close(best.attention[sentence, 0, : len(tokens)], past_rows(tokens, 7))


@pytest.mark.parametrize("width", [1, 3])
def test_a_prefix_forces_its_positions_and_leaves_the_others_to_the_search(width):
    table = random_table(3, 6, 7, seed=9, end=-4.0)
    best = search(table, width=width, longest=6, prefix=[[5, 6, -1], [-1, -1, -1], [-1, 4, 5]])
    assert (best.tokens[0, :, :2] == torch.tensor([5, 6])).all()
    assert (best.tokens[2, :, 1:3] == torch.tensor([4, 5])).all()
    free = search(table[1:2], width=width, longest=6)
    assert_same(found(best, 1), found(free, 0))

    impossible = table.clone()
    for sentence, time, token in [(0, 0, 5), (0, 1, 6), (2, 1, 4), (2, 2, 5)]:
        others = torch.arange(7) != token
        impossible[sentence, time, :, others] = float("-inf")
    for sentence in range(3):
        assert_same(found(best, sentence), plain_search(impossible, sentence, width=width, longest=6, alpha=0.0))


def test_a_prefix_longer_than_allowed_is_cut_off():
    best = search(random_table(1, 6, 7, seed=10), width=1, longest=2, prefix=[[5, 6, 3, END]])
    assert best.tokens.tolist() == [[[5, 6]]]
    assert best.lengths.tolist() == [[2]]
