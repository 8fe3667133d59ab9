"""Spelling to sound without attention: an LSTM of the same size, `train_lstm_pronouncer(…)`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

EMBED, HIDDEN = 64, 128  # with 68 tokens: 112,452 parameters, the GPT of chapter 09 has 110,148
PEAK, WARM_UP = 5e-3, 50


def train_lstm_pronouncer(
    ids: torch.Tensor,
    mask: torch.Tensor,
    vocab: int,
    steps: int,
    seed: int,
    device: Any = "cpu",
    progress: Callable[[int], Iterable[int]] = range,
) -> torch.nn.Module:
    """Train embedding → LSTM → linear layer on the same sequences, batches and learning rates as the GPT.

    ids: (M, C) int64. mask: (M, C) bool, True where a token is to be forecast. Returns a model in evaluation mode with
    an attribute `context`; model(ids (N, T)) gives logits (N, T, vocab). The same seed gives the same model.
    """
    import torch
    import torch.nn.functional as F

    torch.manual_seed(seed)
    model = _speaker(vocab, ids.shape[1]).to(device)
    optimizer = torch.optim.Adam(model.parameters())
    ids, mask = ids.to(device), mask.to(device)
    for step in progress(steps):
        for group in optimizer.param_groups:
            group["lr"] = PEAK * min((step + 1) / WARM_UP, 0.5 * (1 + math.cos(math.pi * step / steps)))
        rows = torch.randint(len(ids), (128,))
        inputs, targets, wanted = ids[rows, :-1], ids[rows, 1:], mask[rows, 1:]
        loss = F.cross_entropy(model(inputs)[wanted], targets[wanted])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


def _speaker(vocab: int, longest: int) -> torch.nn.Module:
    from torch import nn

    class Speaker(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.context = longest
            self.embedding = nn.Embedding(vocab, EMBED)
            self.rnn = nn.LSTM(EMBED, HIDDEN, batch_first=True)
            self.head = nn.Linear(HIDDEN, vocab)

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            return self.head(self.rnn(self.embedding(ids))[0])

    return Speaker()
