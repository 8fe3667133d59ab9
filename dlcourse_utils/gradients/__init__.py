"""See the gradients: record a training run, plot it, and be told what is wrong with it.

    with record(model, optimizer, every=10) as rec:     # any torch.nn.Module
        ...the training loop, unchanged...
    rec.history.plot_flow()
    rec.history.diagnose()

    rec = Recorder(every=10)                            # your own NumPy network
    rec.step(loss=loss, grads=grads, params=params)     # once a step, before the update

Beside them stand the pictures that need no recording, such as activation_curve("relu") or
compare_gradients(…). Each is plain data with .plot(ax=None), and shows itself as the last line of a cell.
Importing this package loads neither torch nor matplotlib; a name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .attribution import grad_cam, integrated_gradients, randomised, saliency
    from .diagnosis import Finding, diagnose
    from .history import History
    from .recorder import Recorder
    from .recording.session import record
    from .unrolled import unrolled
    from .value_graph import trace
    from .views.activation import activation_curve
    from .views.attribution import attribution_maps
    from .views.by_initialisation import signals_by_initialisation
    from .views.clipping import clipping
    from .views.descent import descent_paths
    from .views.flow import gradient_flow
    from .views.generator import generator_arrows
    from .views.gradcheck import compare_gradients
    from .views.jacobians import jacobian_product, layer_jacobians
    from .views.landscape import loss_landscape
    from .views.minibatch_noise import minibatch_noise
    from .views.over_time import histogram_over_time
    from .views.receptive import receptive_field
    from .views.tags import gradient_by_loss
    from .views.through_time import through_time
    from .views.units import unit_health
    from .views.update_ratio import update_ratio

_HOMES = {
    # record, keep, judge
    "record": "recording.session",
    "Recorder": "recorder",
    "History": "history",
    "diagnose": "diagnosis",
    "Finding": "diagnosis",
    # pictures of a history
    "gradient_flow": "views.flow",
    "histogram_over_time": "views.over_time",
    "update_ratio": "views.update_ratio",
    "clipping": "views.clipping",
    "unit_health": "views.units",
    "gradient_by_loss": "views.tags",
    # pictures of one idea
    "trace": "value_graph",
    "activation_curve": "views.activation",
    "compare_gradients": "views.gradcheck",
    "signals_by_initialisation": "views.by_initialisation",
    "jacobian_product": "views.jacobians",
    "layer_jacobians": "views.jacobians",
    "descent_paths": "views.descent",
    "minibatch_noise": "views.minibatch_noise",
    "loss_landscape": "views.landscape",
    # pictures of a torch model
    "through_time": "views.through_time",
    "unrolled": "unrolled",
    "receptive_field": "views.receptive",
    "saliency": "attribution",
    "grad_cam": "attribution",
    "integrated_gradients": "attribution",
    "randomised": "attribution",
    "attribution_maps": "views.attribution",
    "generator_arrows": "views.generator",
}

__all__ = [
    "Finding",
    "History",
    "Recorder",
    "activation_curve",
    "attribution_maps",
    "clipping",
    "compare_gradients",
    "descent_paths",
    "diagnose",
    "generator_arrows",
    "grad_cam",
    "gradient_by_loss",
    "gradient_flow",
    "histogram_over_time",
    "integrated_gradients",
    "jacobian_product",
    "layer_jacobians",
    "loss_landscape",
    "minibatch_noise",
    "randomised",
    "receptive_field",
    "record",
    "saliency",
    "signals_by_initialisation",
    "through_time",
    "trace",
    "unit_health",
    "unrolled",
    "update_ratio",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value  # a submodule of the same name, such as `unrolled`, must not come back instead
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
