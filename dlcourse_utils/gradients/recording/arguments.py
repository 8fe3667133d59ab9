"""What `record` was given: models and optimizers by name, or one sentence about what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...errors import CourseError

if TYPE_CHECKING:
    import torch


def named_models(model: Any) -> dict[str, torch.nn.Module]:
    import torch

    models = {str(k): m for k, m in model.items()} if isinstance(model, Mapping) else {"": model}
    for name, m in models.items():
        which = f"The model {name!r}" if name else "The model"
        if not isinstance(m, torch.nn.Module):
            raise CourseError(
                f"{which} is {type(m).__name__}, not a torch.nn.Module; for a NumPy network use Recorder()."
            )
        if next(m.parameters(), None) is None:
            raise CourseError(
                f"{which} ({type(m).__name__}) has no parameters to record. Layers kept in a plain list "
                f"are not seen by PyTorch: use nn.ModuleList."
            )
        if any(isinstance(p, torch.nn.parameter.UninitializedParameter) for p in m.parameters()):
            raise CourseError(f"{which} has lazy layers without a shape yet; run one batch through it first.")
    return models


def named_optimizers(optimizer: Any) -> dict[str, torch.optim.Optimizer]:
    import torch

    if isinstance(optimizer, Mapping):
        found = {str(k): o for k, o in optimizer.items()}
    elif isinstance(optimizer, Sequence):
        found = {f"optimizer {i}": o for i, o in enumerate(optimizer)}
    else:
        found = {"optimizer": optimizer}
    for label, o in found.items():
        if not isinstance(o, torch.optim.Optimizer):
            raise CourseError(
                f"record needs the optimizer too, because its steps are the clock; {label!r} is {type(o).__name__}."
            )
    if not found:
        raise CourseError("record needs at least one optimizer, because its steps are the clock.")
    return found


def check_pairs(models: dict[str, torch.nn.Module], optimizers: dict[str, torch.optim.Optimizer]) -> None:
    known = {id(p) for m in models.values() for p in m.parameters()}
    for label, o in optimizers.items():
        if not any(id(p) in known for group in o.param_groups for p in group["params"]):
            raise CourseError(
                f"The {label if label != 'optimizer' else 'optimizer'} updates none of this model's "
                f"parameters: "
                f"it belongs to another model, or the model was built anew after it."
            )
    updated = {id(p) for o in optimizers.values() for g in o.param_groups for p in g["params"]}
    for name, m in models.items():
        if not any(id(p) in updated for p in m.parameters()):
            raise CourseError(
                f"No optimizer given updates the model {name!r}; pass all of them: record(…, [opt_g, opt_d])."
            )
