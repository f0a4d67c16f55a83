import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from torch.testing import assert_close

from enface.model.recurrent import OPERATORS, WEIGHTS, BidirectionalLayer, RecurrentLayer, reversal_of, take_positions

CELLS = {"gru": nn.GRU, "lstm": nn.LSTM}
LENGTHS = torch.tensor([3, 5, 1])
VALID = torch.arange(5) < LENGTHS.unsqueeze(1)


def test_each_sequence_is_reversed_by_its_own_length():
    assert reversal_of(VALID).tolist() == [[2, 1, 0, 3, 4], [4, 3, 2, 1, 0], [0, 1, 2, 3, 4]]


def test_reversing_twice_gives_the_sequence():
    states, reversal = torch.randn(3, 5, 2), reversal_of(VALID)
    assert torch.equal(take_positions(take_positions(states, reversal), reversal), states)


def test_positions_are_taken_within_each_sequence():
    states = torch.arange(6.0).reshape(2, 3, 1)
    assert take_positions(states, torch.tensor([[2, 2], [0, 1]])).tolist() == [[[2], [2]], [[3], [4]]]


@pytest.mark.parametrize("cell", CELLS)
def test_a_bidirectional_layer_equals_pytorchs_over_packed_sequences(cell):
    layer = BidirectionalLayer(cell, 4, 6)
    packed = CELLS[cell](4, 6, batch_first=True, bidirectional=True)
    with torch.no_grad():
        for suffix, direction in (("", layer.forwards), ("_reverse", layer.backwards)):
            for name, values in direction.layer.named_parameters():
                getattr(packed, name + suffix).copy_(values)
    inputs = torch.randn(3, 5, 4)
    expected, _ = packed(pack_padded_sequence(inputs, LENGTHS, batch_first=True, enforce_sorted=False))
    expected, _ = pad_packed_sequence(expected, batch_first=True)
    assert_close(layer(inputs, reversal_of(VALID))[VALID], expected[VALID])


@pytest.mark.parametrize("cell", CELLS)
def test_the_operator_of_exported_graphs_equals_the_layer(cell):
    layer, inputs = RecurrentLayer(cell, 4, 6), torch.randn(3, 5, 4)
    weights = [getattr(layer.layer, name).detach() for name in WEIGHTS]
    assert_close(OPERATORS[cell](inputs, *weights), layer(inputs).detach())
    torch.library.opcheck(OPERATORS[cell], (inputs, *weights), test_utils=("test_schema", "test_faketensor"))
