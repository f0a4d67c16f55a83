import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence
from torch.testing import assert_close

from enface.model.encoder import RecurrentEncoder

LENGTHS = [4, 1, 5]


@pytest.fixture(params=[("gru", 1), ("lstm", 1), ("gru", 2)], ids=str)
def encoder(request):
    cell, layers = request.param
    return RecurrentEncoder(cell, input_size=3, hidden_size=4, layers=layers, dropout=0.5).eval()


def batch(width=5):
    return torch.randn(3, width, 3), torch.arange(width) < torch.tensor(LENGTHS).unsqueeze(1)


def test_more_padding_changes_nothing(encoder):
    embedded, valid = batch()
    narrow = encoder(embedded, valid)
    wide = encoder(torch.cat([embedded, 100 * torch.randn(3, 2, 3)], 1), nn.functional.pad(valid, (0, 2)))
    assert_close(wide.states[:, :5][valid], narrow.states[valid])
    assert_close(wide.final, narrow.final)


def test_the_order_of_the_batch_changes_nothing(encoder):
    embedded, valid = batch()
    order = torch.tensor([2, 0, 1])
    straight, shuffled = encoder(embedded, valid), encoder(embedded[order], valid[order])
    assert_close(shuffled.states, straight.states[order])
    assert_close(shuffled.final, straight.final[order])


def test_states_are_as_wide_as_two_directions(encoder):
    encoded = encoder(*batch())
    assert encoder.state_size == 8
    assert encoded.states.shape == (3, 5, 8)
    assert encoded.final.shape == (3, 8)


def test_the_final_state_is_the_last_one_of_each_direction():
    encoder = RecurrentEncoder("gru", input_size=3, hidden_size=4, layers=1, dropout=0.0).eval()
    embedded, valid = batch()
    finals = []
    for direction, inputs in (("forwards", embedded), ("backwards", embedded)):
        rows = [row[:length] for row, length in zip(inputs, LENGTHS, strict=True)]
        rows = rows if direction == "forwards" else [row.flip(0) for row in rows]
        padded = nn.utils.rnn.pad_sequence(rows, batch_first=True)
        packed = pack_padded_sequence(padded, LENGTHS, batch_first=True, enforce_sorted=False)
        finals.append(getattr(encoder.layers[0], direction).layer(packed)[1][0])
    assert_close(encoder(embedded, valid).final, torch.cat(finals, -1))
