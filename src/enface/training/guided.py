"""Guided alignment: attention taught by known word alignments (Garg et al. 2019).

Known are the sure links of the corpus (`enface.data.links`), a row of subwords each. A target token without one teaches
nothing, and neither does the end of the sentence: what is not linked may just not be known. A token with links is to
leave nothing on the source's end, which is what 'aligned to nothing' means in `enface.alignment.matrix`.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from enface.data.prepared import EncodedSplit
from enface.errors import ParamsError
from enface.model.attention.composition import NoAttention
from enface.model.seq2seq import Seq2Seq


class Guided(NamedTuple):
    """What the links of a batch have to say."""

    loss: Float[Tensor, ""]  # in nats, the mean over the target tokens that have links
    tokens: Int[Tensor, ""]  # how many these are


def guide(model: Seq2Seq, training: EncodedSplit) -> None:
    """Makes one attention of `model` that which `Decoded` shows, so that the links of `training` can guide it.

    A recurrent decoder has but one. Of a Transformer's it is the first head of the last layer but one: Garg et al.
    2019, section 4.2, guide one head of that layer, and before training all heads of a layer are alike. Of two layers
    it is the last, since the first knows little of what is being said.

    Raises:
        ParamsError: the model has no attention.
        DataError: the training pairs have no links.
    """
    if any(isinstance(module, NoAttention) for module in model.modules()):
        raise ParamsError(
            "params.yaml train.guided_weight: got a weight for a model of attention.score none, which has no attention "
            "to guide; set it to 0, or take another score"
        )
    training.links(0)
    heads = model.alignment_heads()
    last = heads[-1].layer
    layer = max(last - 1, min(last, 1))
    model.align_with(next((head for head in heads if head.layer == layer and head.head == 0), heads[0]))


def guided_loss(scores: Float[Tensor, "B T S"], links: Int[Tensor, "L 3"]) -> Guided:
    """The cross-entropy of attention against the links.

    Garg et al. 2019, section 4.2: -1/I sum_i sum_j G_ij log A_ij, where G has a 1 for each link and its rows are scaled
    to sum to 1, and A is the softmax of the scores: the weights before dropout, and of hard attention the
    probabilities that it draws from. Links outside of a local window are left out, as no gradient could heed them.

    Args:
        scores: of one head, -inf where it does not reach.
        links: row of the batch, target token, source token.
    """
    rows, targets, sources = links.unbind(dim=1)
    log_shares = torch.log_softmax(scores, dim=-1)[rows, targets, sources]
    reached = torch.isfinite(log_shares)
    tokens = (rows * scores.shape[1] + targets)[reached]
    counts = torch.bincount(tokens, minlength=scores.shape[0] * scores.shape[1])
    linked = (counts > 0).sum()
    return Guided(-(log_shares[reached] / counts[tokens]).sum() / linked.clamp(min=1), linked)
