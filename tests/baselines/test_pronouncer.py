"""The LSTM that the pronouncer is measured against: repeatable, of the same size, and no straw man."""

from __future__ import annotations

import torch

from dlcourse_utils.baselines.pronouncer import train_lstm_pronouncer


def sequences() -> tuple[torch.Tensor, torch.Tensor]:
    """Words of two letters of four, each letter said as the sound four further on."""
    pairs = torch.cartesian_prod(torch.arange(3, 7), torch.arange(3, 7))
    ids = torch.cat([pairs, torch.full((16, 1), 2), pairs + 4, torch.ones(16, 1, dtype=torch.int64)], dim=1)
    mask = torch.zeros(16, 6, dtype=torch.bool)
    mask[:, 3:] = True
    return ids, mask


def test_the_same_seed_gives_the_same_model_and_another_seed_another() -> None:
    ids, mask = sequences()
    first, again, other = (train_lstm_pronouncer(ids, mask, 11, 2, seed)(ids) for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.shape == (16, 6, 11)


def test_it_has_as_many_parameters_as_the_gpt_beside_it() -> None:
    ids, mask = torch.zeros(4, 20, dtype=torch.int64), torch.ones(4, 20, dtype=torch.bool)
    model = train_lstm_pronouncer(ids, mask, 68, 1, 0)
    block = 4 * 64 * 65 + 4 * 64 + 64 * 256 + 256 + 256 * 64 + 64
    gpt = 68 * 64 + 20 * 64 + 2 * block + 2 * 64 + 68 * 65
    assert gpt == 110_148
    assert abs(sum(p.numel() for p in model.parameters()) / gpt - 1) < 0.03
    assert model.context == 20
    assert not model.training


def test_it_learns_what_a_sequence_says_where_the_mask_looks() -> None:
    ids, mask = sequences()
    logits = train_lstm_pronouncer(ids, mask, 11, 60, 0)(ids[:, :-1])
    assert (logits.argmax(dim=2) == ids[:, 1:])[mask[:, 1:]].float().mean() > 0.9
