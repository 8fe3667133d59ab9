"""Which layers of a model are worth watching, and under which names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def watched_layers(model: torch.nn.Module) -> tuple[dict[str, torch.nn.Module], list[str]]:
    """Return the layers that compute something, by name in definition order, and the names of compiled parts.

    Containers, flattening, pooling and dropout are left out. Inside a compiled part no hook would ever run.
    """
    import torch

    layers: dict[str, torch.nn.Module] = {}
    blind: list[str] = []
    blind_ids: set[int] = set()
    for name, module in model.named_modules():
        if id(module) in blind_ids:
            continue
        if is_compiled(module) or isinstance(module, torch.jit.ScriptModule):
            blind.append(clean(name))
            blind_ids.update(id(m) for m in module.modules())
        elif _is_leaf(module) and _computes(module):
            layers[clean(name) or type(module).__name__] = module
            blind_ids.update(id(m) for m in module.modules())  # attention's own projection is called without its hooks
    return layers, blind


def is_compiled(module: Any) -> bool:
    """Whether torch.compile has been here, as a wrapper or in place."""
    return hasattr(module, "_orig_mod") or getattr(module, "_compiled_call_impl", None) is not None


def clean(name: str) -> str:
    """Drop torch.compile's wrapper from a dotted name."""
    return ".".join(part for part in name.split(".") if part != "_orig_mod")


def _is_leaf(module: torch.nn.Module) -> bool:
    import torch

    return isinstance(module, torch.nn.MultiheadAttention) or next(module.children(), None) is None


def _computes(module: torch.nn.Module) -> bool:
    if next(module.parameters(recurse=False), None) is not None:
        return True
    home = type(module).__module__
    return home == "torch.nn.modules.activation" or not home.startswith("torch.nn.")
