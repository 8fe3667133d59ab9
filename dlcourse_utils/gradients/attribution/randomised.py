"""The control: the same network with weights that have learned nothing."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import torch

Model = TypeVar("Model", bound="torch.nn.Module")


def randomised(model: Model, seed: int = 0) -> Model:
    """Return a copy whose weights are shuffled within each parameter; nobody's random state is touched.

    Shuffling keeps each layer's scale, so the outputs stay in range. A map that looks the same for this
    network shows edges of the image, not what was learned.
    Source: Adebayo et al., Sanity Checks for Saliency Maps (2018), section 3.
    """
    import torch

    twin = copy.deepcopy(model)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in twin.parameters():
            order = torch.randperm(p.numel(), generator=generator).to(p.device)
            p.copy_(p.reshape(-1)[order].reshape(p.shape))
    return twin
