"""A small GPT, whole."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..registry import Attempt, Parts, probe
from ..torch_parts import private_randomness, tensor
from .models import Asker, as_module, has_projections, idle_parts


@probe("ch09.gpt")
def gpt(
    attempt: Attempt, sizes: dict[str, int], seed: int, ids: np.ndarray, full: np.ndarray, named: bool = True
) -> Parts:
    """Build a GPT, give it weights that matter, and ask it about texts that differ in one place.

    ids: (N, T), the first two columns different. full: (1, context), the longest text it can take.
    """
    import torch

    (cls,) = attempt
    rng = np.random.default_rng(seed)
    with private_randomness(seed), torch.no_grad():
        model = cls(**sizes) if named else cls(*sizes.values())
        yield from as_module(model)
        yield "context", getattr(model, "context", None)
        yield "parameters", sum(p.numel() for p in model.parameters())
        yield "tensors", sum(1 for _ in model.parameters())
        _shake(model, rng)
        ask = Asker(model.eval())
        yield "logits", ask(ids)
        yield "the same again", ask(ids)
        yield "alone", ask(ids[:1])
        yield "beginnings", [ask(ids[:, :t]) for t in range(1, ids.shape[1])]
        yield "full", ask(full)
        other = 1 + ids.max()  # an id that stands nowhere in the text
        yield "changed", [ask(np.where(np.arange(ids.shape[1]) == t, other, ids)) for t in range(ids.shape[1])]
        yield "one id throughout", ask(np.full_like(ids, other))
        yield "attention layers", sum(has_projections(m) for m in model.modules())
        yield "heads", _heads_seen(model, ask, ids)
        with torch.enable_grad():
            out = model(tensor(ids, "int64"))
            idle = idle_parts(model, out) if isinstance(out, torch.Tensor) else []
        yield "idle", idle
        norms = {name for name, m in model.named_modules() if "Norm" in type(m).__name__}
        yield "norms", len(norms - {name.rpartition(".")[0] for name in idle})  # those that are used
        for m in model.modules():
            if isinstance(m, torch.nn.Embedding):
                m.weight.mul_(1000.0)
        yield "loud", ask(ids)


def _heads_seen(model: Any, ask: Any, ids: np.ndarray) -> list[int]:
    """Return with how many heads each attention layer looks while the model reads, where it shows its weights."""
    seen: list[int] = []

    def listen(_module: Any, _given: Any, result: Any) -> None:
        if isinstance(result, (tuple, list)) and len(result) == 2 and getattr(result[1], "ndim", 0) == 4:
            seen.append(int(result[1].shape[1]))

    hooks = [m.register_forward_hook(listen) for m in model.modules() if has_projections(m)]
    ask(ids)
    for hook in hooks:
        hook.remove()
    return seen


def _shake(model: Any, rng: np.random.Generator) -> None:
    """Move every parameter away from a timid start, so that what one token changes is seen in another's logits."""
    from torch import nn

    for module in model.modules():
        for p in module.parameters(recurse=False):
            new = rng.normal(size=tuple(p.shape))
            if isinstance(module, nn.LayerNorm):
                p.copy_(tensor(0.2 * new) + (p is module.weight))
            elif isinstance(module, nn.Embedding):
                p.copy_(tensor(new))
            else:
                p.copy_(tensor(new / np.sqrt(p.shape[-1]) if p.dim() > 1 else 0.2 * new))
