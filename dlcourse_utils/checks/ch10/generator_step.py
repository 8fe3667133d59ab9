"""10.generator_step: only G moves, and D's gradients stay as found; laid beside a step without autograd."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from ..authoring import Case, Exercise, Recipe
from ..ch06.networks import flat, sgd
from .games import copied, out, player, slopes, softplus


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, rows: tuple[int, ...], lr: float, d: dict[str, Any], g: dict[str, Any], **more: Any) -> Case:
        zs = [rng.normal(size=(m, 3)) for m in rows]
        players = {"G": player(rng, (3, 4, 2), **g), "D": player(rng, (2, 5, 1), **d)}
        return Case(title, kwargs={**players, "zs": zs, "lr": lr, **more})

    yield case("one step", (6,), 0.3, {}, {})
    yield case("old gradients lie in G, and in D", (5,), 0.2, {"stale": -1.5}, {"stale": 2.0})
    yield case("D has batch norm", (8,), 0.3, {"norm": True}, {})
    yield case("three steps with momentum; D in evaluation mode, its first layer frozen", (4, 6, 5), 0.2,
               {"training": False, "frozen": 2, "stale": 0.5}, {}, momentum=0.9)  # fmt: skip
    yield case("G in evaluation mode", (7,), 0.4, {"stale": 3.0}, {"training": False})


def oracle(G: Recipe, D: Recipe, zs: list[np.ndarray], lr: float, momentum: float = 0.0) -> dict[str, Any]:
    layers, velocity, norm = copied(G.kwargs["layers"]), None, D.kwargs.get("norm", False)
    parts: dict[str, Any] = {}
    for number, z in enumerate(zs, start=1):

        def loss(g: Any, z: np.ndarray = z) -> Any:
            return softplus(-out(D.kwargs["layers"], out(g, z), norm)).mean()

        parts[f"loss {number}"] = float(loss(layers))
        layers, velocity = sgd(layers, slopes(loss, layers), velocity, lr, momentum)
        parts[f"G after step {number}"] = flat(layers)
    left = ("parameters", ".grad", "requires_grad", "mode")
    return parts | {f"D's {name} as found": "yes" for name in left} | {f"G's {name} as found": "yes" for name in left[2:]}


def _step(G, D, optimizer, z, loss_of=lambda logits: F.softplus(-logits).mean()):
    loss = loss_of(D(G(z)))
    optimizer.zero_grad()
    loss.backward(inputs=list(G.parameters()))
    optimizer.step()
    return loss.item()


def clears_D(G, D, optimizer, z):
    """You clear D's gradients. In G's step D is a judge who is asked, no more: even a stale gradient in its .grad stays as it is. Let backward write into G only: loss.backward(inputs=list(G.parameters()))."""
    loss = F.softplus(-D(G(z))).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    D.zero_grad()
    return loss.item()


def D_stays_frozen(G, D, optimizer, z):
    """You switch D's requires_grad off and don't put it back, so D never learns again. Remember each parameter's switch and restore it, or write into G only: loss.backward(inputs=list(G.parameters()))."""
    D.requires_grad_(False)
    return _step(G, D, optimizer, z)


def all_of_D_unfrozen(G, D, optimizer, z):
    """You end with requires_grad on for all of D, also for a layer that was frozen when you came. Put each switch back as you found it, or write into G only: loss.backward(inputs=list(G.parameters()))."""
    D.requires_grad_(False)
    loss = _step(G, D, optimizer, z)
    D.requires_grad_(True)
    return loss


def detached(G, D, optimizer, z):
    """You detach the fakes, so no gradient reaches G, and G stands still. In G's step the gradient must run through D back into G."""
    loss = F.softplus(-D(G(z).detach())).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def saturating(G, D, optimizer, z):
    """Your G minimises log(1 − D(G(z))), the saturating loss. Where D is sure, that gives G next to no gradient. Use generator_loss, −log D(G(z))."""
    return _step(G, D, optimizer, z, lambda logits: -F.softplus(logits).mean())


def labels_swapped(G, D, optimizer, z):
    """Your G learns to be caught: it lowers D's answer. It should raise it."""
    return _step(G, D, optimizer, z, lambda logits: F.softplus(logits).mean())


def draws_its_own_z(G, D, optimizer, z):
    """You feed G with a z of your own. Use the one that is given."""
    return _step(G, D, optimizer, torch.randn(z.shape, dtype=z.dtype, generator=torch.Generator().manual_seed(0)))


def no_zero_grad(G, D, optimizer, z):
    """Old gradients take part in your step: backward *adds*. Call optimizer.zero_grad() before backward."""
    loss = F.softplus(-D(G(z))).mean()
    loss.backward(inputs=list(G.parameters()))
    optimizer.step()
    return loss.item()


def D_is_updated_too(G, D, optimizer, z):
    """D moves in G's step. D is only asked here; its own optimizer has its own turn."""
    loss = F.softplus(-D(G(z))).mean()
    pushes = torch.autograd.grad(loss, [p for p in D.parameters() if p.requires_grad], retain_graph=True)
    optimizer.zero_grad()
    loss.backward(inputs=list(G.parameters()))
    optimizer.step()
    with torch.no_grad():
        for p, slope in zip([p for p in D.parameters() if p.requires_grad], pushes, strict=True):
            p -= 0.1 * slope
    return loss.item()


def nothing_moves(G, D, optimizer, z):
    """G is the same after the step, though its gradients are there. Is optimizer.step() missing?"""
    loss = F.softplus(-D(G(z))).mean()
    for p in G.parameters():
        p.grad = None
    loss.backward(inputs=list(G.parameters()))
    return loss.item()


def D_left_in_another_mode(G, D, optimizer, z):
    """You switch D's mode (train or eval) and leave it switched. G's step leaves both networks in the mode in which it found them."""
    was = D.training
    loss = _step(G, D, optimizer, z)
    D.train(not was)
    return loss


def all_in_training_mode(G, D, optimizer, z):
    """You call train() on the networks, as training loops often begin. Here the caller has chosen the modes: use both networks as they come."""
    G.train()
    D.train()
    return _step(G, D, optimizer, z)


def D_asked_in_evaluation_mode(G, D, optimizer, z):
    """You ask D in evaluation mode, where its batch norm uses other statistics than in D's own move. G would play against another D: leave the mode as it is."""
    was = D.training
    D.eval()
    loss = _step(G, D, optimizer, z)
    D.train(was)
    return loss


def loss_after_the_step(G, D, optimizer, z):
    """You return the loss of G *after* its step. Asked for is the loss that the step was made from; you have it already."""
    _step(G, D, optimizer, z)
    with torch.no_grad():
        return F.softplus(-D(G(z))).mean().item()


def returns_a_tensor(G, D, optimizer, z):
    """Your loss is still a tensor, with its graph behind it. Return loss.item(), a float."""
    loss = F.softplus(-D(G(z))).mean()
    optimizer.zero_grad()
    loss.backward(inputs=list(G.parameters()))
    optimizer.step()
    return loss


def leaves_gradients_in_D(G, D, optimizer, z):
    """You follow the habit of PyTorch's DCGAN tutorial: backward() writes into D's .grad too, and D's next step clears it. That works as long as nobody forgets. Here D's .grad stays as found: loss.backward(inputs=list(G.parameters()))."""
    loss = F.softplus(-D(G(z))).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


EXERCISE = Exercise(
    id="10.generator_step",
    title="G's move",
    objects=("generator_step",),
    points=3,
    cases=cases,
    probe="ch10.generator_step",
    oracle=oracle,
    mistakes=(
        clears_D,
        D_stays_frozen,
        all_of_D_unfrozen,
        detached,
        saturating,
        labels_swapped,
        draws_its_own_z,
        no_zero_grad,
        D_is_updated_too,
        nothing_moves,
        D_left_in_another_mode,
        all_in_training_mode,
        D_asked_in_evaluation_mode,
        loss_after_the_step,
        returns_a_tensor,
    ),
    conventions=(leaves_gradients_in_D,),
    builds_on=("10.generator_loss",),
    hints=(
        "Do I need real samples? → No. G only ever learns through D: loss = generator_loss(D(G(z))), without detach.",
        "D's .grad changes. → backward writes into everything on the way that has requires_grad. Say where it may write: "
        "loss.backward(inputs=list(G.parameters())). (Or torch.autograd.grad, or remember and restore D's switches.)",
        "Nothing moves. → Is there a detach, or a torch.no_grad(), between D and G?",
        "Nearly everything:\n```python\nloss = generator_loss(D(G(z)))\noptimizer.zero_grad()\nloss.backward(inputs=...)\noptimizer.step()\nreturn loss.item()\n```",
    ),
)
