"""Listen to a model's attention layers while it reads: `attention_weights(model, ids)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...errors import CourseError

if TYPE_CHECKING:
    import torch


def attention_weights(model: torch.nn.Module, ids: torch.Tensor) -> torch.Tensor:
    """Return the weights of all attention layers for one batch, (layers, N, heads, T, T), on the CPU.

    An attention layer is a module with a `q_proj` whose forward returns (out, weights). The model's own output is not
    changed, and nothing stays behind in it. Raises CourseError when the model has no such layer.
    """
    import torch

    seen: list[torch.Tensor] = []

    def listen(module: Any, given: Any, result: Any) -> None:
        if isinstance(result, tuple) and len(result) == 2 and isinstance(result[1], torch.Tensor):
            seen.append(result[1].detach().cpu())

    handles = [m.register_forward_hook(listen) for m in model.modules() if hasattr(m, "q_proj")]
    try:
        with torch.no_grad():
            model(ids)
    finally:
        for handle in handles:
            handle.remove()
    if not seen:
        raise CourseError("No layer of this model has a q_proj and returns (out, weights): nothing to look at here.")
    return torch.stack(seen)
