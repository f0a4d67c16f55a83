"""Attention goes where the given links are, whatever its form, and links alone decide what is taught."""

import math

import pytest
import pytorch_lightning as lightning
import torch

from enface.data.batches import collate
from enface.data.prepared import PreparedFolder
from enface.data.writing import write_encoded
from enface.errors import DataError, ParamsError
from enface.model.transformer import AlignmentHead
from enface.training.fit import fit
from enface.training.guided import guide, guided_loss
from enface.training.task import TranslationTask
from tests.unit.training.made import KillAt, Killed, equal, model, section, write_prepared

ATTENTIONS = [
    {"decoder": "luong"},
    {"decoder": "bahdanau"},
    {"selection": "gumbel"},
    {"selection": "reinforce"},
    {"network": "transformer", "decoder_layers": 3},
]
WIDE = {"embedding_size": 24, "encoder_size": 24, "decoder_size": 24}
LONG = {
    "max_epochs": 8,
    "learning_rate": 0.02,
    "decay": "constant",
    "clip_norm": 10.0,
    "coverage_weight": 0.0,
    "patience_epochs": 8,
    "checkpoint_minutes": 60.0,
}


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    """Pairs whose target is the source backwards, and links that say otherwise: each word to the one at its place."""
    folder = write_prepared(tmp_path_factory.mktemp("linked"), train=400)
    prepared = PreparedFolder(folder)
    lengths = [len(source.split()) for source in prepared.split("train").source_sentences()]
    lines = (" ".join(f"{place}-{place}" for place in range(length)) for length in lengths)
    (folder / "train.links").write_text("".join(f"{line}\n" for line in lines))
    write_encoded(folder, "train", prepared.tokenizer)
    return PreparedFolder(folder)


def train(prepared, scratch, network, *callbacks, **changes):
    task = TranslationTask(network, section(**changes))
    fit(task, prepared, scratch=scratch, callbacks=callbacks, log_to=None)
    return network


def share_on_links(network, prepared):
    """How much of its attention the model has on the links, in the mean over the training tokens that have some."""
    pairs = prepared.split("train")
    batch = collate(pairs, range(len(pairs)), pairs.links)
    with torch.no_grad():
        scores = network.eval()(batch.source, batch.source_valid, batch.target_input).scores
    rows, targets, sources = batch.links.unbind(1)
    shares = torch.softmax(scores, dim=-1)[rows, targets, sources]
    tokens = torch.unique(torch.stack([rows, targets]), dim=1).shape[1]
    return float(shares.sum() / tokens)


def wide(prepared, **changes):
    sizes = {} if changes.get("network") == "transformer" else WIDE
    return model(prepared, **sizes, size=24, dropout=0.0, **changes)


@pytest.mark.parametrize("attention", ATTENTIONS, ids=lambda attention: "-".join(map(str, attention.values())))
def test_attention_goes_where_the_links_are(linked, tmp_path, attention):
    network = train(linked, tmp_path, wide(linked, **attention), guided_weight=2.0, **LONG)
    assert share_on_links(network, linked) > 0.5


def test_without_a_weight_it_does_not(linked, tmp_path):
    network = train(linked, tmp_path, wide(linked), guided_weight=0.0, **LONG)
    assert share_on_links(network, linked) < 0.25


def test_guided_training_goes_on_bit_for_bit_from_the_middle_of_an_epoch(linked, tmp_path):
    changes = {"guided_weight": 0.5, "max_epochs": 2}
    whole = train(linked, tmp_path / "whole", model(linked), **changes)
    with pytest.raises(Killed):
        train(linked, tmp_path / "killed", model(linked), KillAt("on_train_batch_start", 7), **changes)
    resumed = train(linked, tmp_path / "killed", model(linked), **changes)
    assert equal(resumed.state_dict(), whole.state_dict())


def test_what_attention_learns_is_logged(linked, tmp_path):
    class Logged(lightning.Callback):
        def on_train_end(self, trainer, task):
            self.names = set(trainer.callback_metrics)

    for weight, selection, expected in [
        (0.5, "reinforce", {"train/guided_loss", "train/attention_entropy", "train/reinforce_loss"}),
        (0.5, "soft", {"train/guided_loss", "train/coverage_penalty"}),
        (0.0, "soft", {"train/coverage_penalty"}),
    ]:
        logged = Logged()
        network = model(linked, selection=selection)
        train(linked, tmp_path / f"{weight}{selection}", network, logged, guided_weight=weight, max_epochs=1)
        assert {name for name in logged.names if name.startswith("train/")} - {"train/loss"} == expected


SHARES = torch.tensor([[[0.5, 0.25, 0.25], [0.2, 0.4, 0.4], [0.1, 0.1, 0.8]]])
LINKS = torch.tensor([[0, 0, 0], [0, 0, 1], [0, 2, 2]])  # the first token to two source tokens, the last to one


def test_the_loss_is_the_cross_entropy_against_rows_that_sum_to_one():
    by_hand = (-(0.5 * math.log(0.5) + 0.5 * math.log(0.25)) - math.log(0.8)) / 2
    assert float(guided_loss(SHARES.log() + 3.0, LINKS).loss) == pytest.approx(by_hand)


def test_a_token_without_links_learns_nothing():
    scores = SHARES.log().requires_grad_()
    guided_loss(scores, LINKS).loss.backward()
    assert scores.grad.abs().sum(-1).gt(0).tolist() == [[True, False, True]]


def test_pairs_without_any_links_cost_nothing():
    scores = SHARES.log().requires_grad_()
    loss = guided_loss(scores, torch.zeros(0, 3, dtype=torch.int64)).loss
    loss.backward()
    assert float(loss.detach()) == 0.0
    assert scores.grad.tolist() == torch.zeros_like(scores).tolist()


def test_links_outside_of_the_window_are_left_out():
    scores = SHARES.log()
    scores[0, 0, 1] = scores[0, 2, 2] = float("-inf")
    scores.requires_grad_()
    loss = guided_loss(scores, LINKS).loss
    loss.backward()
    assert float(loss.detach()) == pytest.approx(-math.log(0.5 / 0.75))
    assert torch.isfinite(scores.grad).all()
    assert scores.grad[0, 2].tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(("layers", "guided"), [(4, 2), (3, 1), (2, 1), (1, 0)])
def test_a_transformer_is_guided_at_one_head_of_the_last_layer_but_one_and_never_of_a_first_below_others(
    linked, layers, guided
):
    network = model(linked, network="transformer", decoder_layers=layers)
    guide(network, linked.split("train"))
    assert network.decoder.alignment_head == AlignmentHead(guided, 0)


def test_a_single_head_is_the_mean_of_its_layer(linked):
    network = model(linked, network="transformer", decoder_layers=1, heads=1)
    guide(network, linked.split("train"))
    assert network.decoder.alignment_head == AlignmentHead(0, None)


def test_a_model_without_attention_is_refused(linked, tmp_path):
    with pytest.raises(ParamsError) as error:
        train(linked, tmp_path, model(linked, score="none"), guided_weight=0.5)
    assert str(error.value) == (
        "params.yaml train.guided_weight: got a weight for a model of attention.score none, which has no attention to "
        "guide; set it to 0, or take another score"
    )


def test_a_corpus_without_links_is_refused(prepared, tmp_path):
    with pytest.raises(DataError) as error:
        train(prepared, tmp_path, model(prepared), guided_weight=0.5)
    assert str(error.value) == (
        f"{prepared.path}/train.links: not there, the corpus has no word alignments for train; give it some "
        "(docs/data.md, Gold alignments), or set params.yaml train.guided_weight to 0"
    )
