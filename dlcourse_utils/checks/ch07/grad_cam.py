"""07.grad_cam: which places of a layer speak for a class (Selvaraju et al., ICCV 2017), checked without hooks.

The oracle runs the network in two halves, with the layer's output as the leaf in between.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Recipe
from .cnns import random_layers
from .grad_cam_mistakes import MISTAKES


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, layer: int, n: int, target: Any, **more: bool) -> Case:
        model = Recipe("ch07.camnet", layers=random_layers(rng, ((5, 2, 3, 3), (4, 5, 2, 2), (6, 24))), **more)
        return Case(title, args=(model, layer, rng.normal(size=(n, 2, 8, 10)), target))

    yield case("the last ReLU, one class for all", 4, 3, 2)
    yield case("the last ReLU, a class for each image", 4, 4, np.array([5, 0, 3, 1]))
    yield case("an earlier layer", 1, 2, np.array([4, 1]))
    yield case("the parameters carry an old .grad", 4, 2, 0, stale=True)
    yield case("the model is in training mode", 4, 1, 3, training=True)


def oracle(model: Recipe, layer: int, x: np.ndarray, target: Any) -> dict[str, Any]:
    import torch

    net = model.build()
    front, back = net[: layer + 1], net[layer + 1 :]
    with torch.no_grad():
        at_layer = front(torch.tensor(x))
    at_layer.requires_grad_()
    chosen = torch.as_tensor(target).expand(len(x))
    score = back(at_layer)[torch.arange(len(x)), chosen].sum()
    (slopes,) = torch.autograd.grad(score, at_layer)
    weights = slopes.mean(dim=(2, 3), keepdim=True)
    found = torch.relu((weights * at_layer).sum(dim=1)).detach().numpy()
    untouched = (".grad as found", "mode as found", "requires_grad as found")
    return {"map": found, "the map carries a graph": "no", "hooks left": 0} | dict.fromkeys(untouched, "yes")


EXERCISE = Exercise(
    id="07.grad_cam",
    title="Where did it look?",
    objects=("grad_cam",),
    points=3,
    cases=cases,
    probe="ch07.grad_cam",
    oracle=oracle,
    mistakes=MISTAKES,
    hints=(
        "How do I get at a layer's output? → A forward hook: handle = layer.register_forward_hook(lambda module, inputs, out: kept.append(out)). "
        "Run the model, then handle.remove().",
        "How do I get the gradient there without touching .grad? → torch.autograd.grad(score, kept[0]) returns it and stores nothing.",
        "What is the score? → The sum over the batch of each image's own target logit: logits[torch.arange(N), target].sum(). No image's logit "
        "depends on another image, so the sum keeps them apart.",
        "And then? → weights = gradient.mean(dim=(2, 3), keepdim=True), one number per channel; the map is relu((weights * activation).sum(dim=1)).",
        "Nearly everything:\n```python\nkept = []\nhandle = layer.register_forward_hook(lambda module, inputs, out: kept.append(out))\ntry:\n    logits = model(x)\nfinally:\n"
        "    handle.remove()\nn = torch.arange(len(x))\n(slopes,) = torch.autograd.grad(logits[n, target].sum(), kept[0])\nweights = ...\n"
        "return torch.relu((weights * kept[0]).sum(dim=1)).detach()\n```",
    ),
)
