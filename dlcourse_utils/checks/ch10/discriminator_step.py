"""10.discriminator_step: only D moves; laid beside the same step worked out without autograd."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from ..authoring import Case, Exercise, Recipe
from ..ch06.networks import flat, sgd
from .games import copied, d_loss, out, player, slopes


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, rows: tuple[tuple[int, int], ...], lr: float, d: dict[str, Any], g: dict[str, Any], **more: Any) -> Case:
        reals = [rng.normal(size=(n, 2)) + 0.7 for n, _ in rows]
        zs = [rng.normal(size=(m, 3)) for _, m in rows]
        players = {"G": player(rng, (3, 4, 2), **g), "D": player(rng, (2, 5, 1), **d)}
        return Case(title, kwargs={**players, "reals": reals, "zs": zs, "lr": lr, **more})

    yield case("one step", ((6, 5),), 0.3, {}, {})
    yield case("old gradients lie in D, and in G", ((5, 7),), 0.2, {"stale": 1.5}, {"stale": -2.0})
    yield case("D has batch norm: real and fake pass by themselves", ((8, 6),), 0.3, {"norm": True}, {})
    yield case("three steps with momentum; G in evaluation mode, its first layer frozen", ((4, 5), (5, 4), (6, 3)), 0.2,
               {}, {"training": False, "frozen": 2}, momentum=0.9)  # fmt: skip
    yield case("D in evaluation mode", ((3, 6),), 0.4, {"training": False}, {"stale": 0.5})


def oracle(
    G: Recipe, D: Recipe, reals: list[np.ndarray], zs: list[np.ndarray], lr: float, momentum: float = 0.0
) -> dict[str, Any]:
    layers, velocity, norm = copied(D.kwargs["layers"]), None, D.kwargs.get("norm", False)
    parts: dict[str, Any] = {}
    for number, (real, z) in enumerate(zip(reals, zs, strict=True), start=1):
        fake = out(G.kwargs["layers"], z)

        def loss(d: Any, real: np.ndarray = real, fake: np.ndarray = fake) -> Any:
            return d_loss(d, real, fake, norm)

        parts[f"loss {number}"] = float(loss(layers))
        layers, velocity = sgd(layers, slopes(loss, layers), velocity, lr, momentum)
        parts[f"D after step {number}"] = flat(layers)
    left = ("parameters", ".grad", "requires_grad", "mode")
    return parts | {f"G's {name} as found": "yes" for name in left} | {f"D's {name} as found": "yes" for name in left[2:]}


def _step(G, D, optimizer, real, z, weigh=lambda a, b: a + b, fakes=None):
    fake = G(z).detach() if fakes is None else fakes
    loss = weigh(F.softplus(-D(real)).mean(), F.softplus(D(fake)).mean())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def no_detach(G, D, optimizer, real, z):
    """The gradient runs on through the fakes into G, and piles up in G's .grad. Cut it: fake = G(z).detach(), or make the fakes under torch.no_grad()."""
    return _step(G, D, optimizer, real, z, fakes=G(z))


def clears_G(G, D, optimizer, real, z):
    """You clear G's gradients. In D's step G is a stranger: whatever lies in its .grad stays as it is. With detached fakes there is nothing to clear either."""
    loss = _step(G, D, optimizer, real, z, fakes=G(z))
    G.zero_grad()
    return loss


def G_stays_frozen(G, D, optimizer, real, z):
    """You switch G's requires_grad off and don't put it back as it was, so G never learns again. Detach the fakes instead; then there is nothing to switch."""
    G.requires_grad_(False)
    return _step(G, D, optimizer, real, z)


def all_of_G_unfrozen(G, D, optimizer, real, z):
    """You end with requires_grad on for all of G, also for a layer that somebody had frozen. Detach the fakes instead; then there is nothing to switch."""
    G.requires_grad_(False)
    loss = _step(G, D, optimizer, real, z)
    G.requires_grad_(True)
    return loss


def draws_its_own_z(G, D, optimizer, real, z):
    """Your fakes come from another z than the one given: G is fed with random numbers of your own. Use G(z)."""
    return _step(G, D, optimizer, real, torch.randn(z.shape, dtype=z.dtype, generator=torch.Generator().manual_seed(0)))


def no_zero_grad(G, D, optimizer, real, z):
    """Old gradients take part in your step: backward *adds*. Call optimizer.zero_grad() before backward."""
    loss = F.softplus(-D(real)).mean() + F.softplus(D(G(z).detach())).mean()
    loss.backward()
    optimizer.step()
    return loss.item()


def G_is_updated_too(G, D, optimizer, real, z):
    """G moves in D's step. Only D's optimizer steps here, and the fakes are detached."""
    loss = F.softplus(-D(real)).mean() + F.softplus(D(G(z))).mean()
    optimizer.zero_grad()
    for p in G.parameters():
        p.grad = None
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        for p in G.parameters():
            if p.grad is not None:
                p -= 0.1 * p.grad
    return loss.item()


def one_pass_for_both(G, D, optimizer, real, z):
    """You send real and fake through D in one batch. Batch norm then mixes them: each is seen relative to the other, and later, when G's step shows D fakes alone, D sees something else. Two passes, please."""
    logits = D(torch.cat([real, G(z).detach()]))
    loss = F.softplus(-logits[: len(real)]).mean() + F.softplus(logits[len(real) :]).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def labels_swapped(G, D, optimizer, real, z):
    """D learns the wrong way round: up on fakes, down on real samples."""
    fake = G(z).detach()
    loss = F.softplus(D(real)).mean() + F.softplus(-D(fake)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def nothing_moves(G, D, optimizer, real, z):
    """D is the same after the step. Is optimizer.step() missing?"""
    fake = G(z).detach()
    loss = F.softplus(-D(real)).mean() + F.softplus(D(fake)).mean()
    optimizer.zero_grad()
    loss.backward()
    return loss.item()


def fakes_left_out(G, D, optimizer, real, z):
    """Only the real samples train your D. It needs the fakes as well, with the other label."""
    return _step(G, D, optimizer, real, z, lambda a, b: a)


def G_left_in_another_mode(G, D, optimizer, real, z):
    """You switch G's mode (train or eval) and leave it switched. D's step leaves both networks in the mode in which it found them."""
    G.train(not G.training)
    return _step(G, D, optimizer, real, z)


def all_in_training_mode(G, D, optimizer, real, z):
    """You call train() on the networks, as training loops often begin. Here the caller has chosen the modes: use both networks as they come."""
    G.train()
    D.train()
    return _step(G, D, optimizer, real, z)


def loss_after_the_step(G, D, optimizer, real, z):
    """You return the loss of D *after* its step. Asked for is the loss that the step was made from; you have it already."""
    fake = G(z).detach()
    _step(G, D, optimizer, real, z, fakes=fake)
    with torch.no_grad():
        return (F.softplus(-D(real)).mean() + F.softplus(D(fake)).mean()).item()


def a_step_for_each_half(G, D, optimizer, real, z):
    """You step twice, once for the real samples and once for the fakes. Add the two losses (or their gradients) and step once."""
    fake = G(z).detach()
    first = _step(G, D, optimizer, real, z, lambda a, b: a, fakes=fake)
    return first + _step(G, D, optimizer, real, z, lambda a, b: b, fakes=fake)


def returns_a_tensor(G, D, optimizer, real, z):
    """Your loss is still a tensor, with its graph behind it. Return loss.item(), a float."""
    fake = G(z).detach()
    loss = F.softplus(-D(real)).mean() + F.softplus(D(fake)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


def halved(G, D, optimizer, real, z):
    """You follow the habit of halving D's loss, ½ (mean over real + mean over fake). Here it is the plain sum of the two means, as in 10.discriminator_loss."""
    return _step(G, D, optimizer, real, z, lambda a, b: (a + b) / 2)


EXERCISE = Exercise(
    id="10.discriminator_step",
    title="D's move",
    objects=("discriminator_step",),
    points=3,
    cases=cases,
    probe="ch10.discriminator_step",
    oracle=oracle,
    mistakes=(
        no_detach,
        clears_G,
        G_stays_frozen,
        all_of_G_unfrozen,
        draws_its_own_z,
        no_zero_grad,
        G_is_updated_too,
        one_pass_for_both,
        labels_swapped,
        nothing_moves,
        fakes_left_out,
        G_left_in_another_mode,
        all_in_training_mode,
        loss_after_the_step,
        a_step_for_each_half,
        returns_a_tensor,
    ),
    conventions=(halved,),
    builds_on=("10.discriminator_loss",),
    hints=(
        "In which order? → Make fakes, two passes through D, the loss, optimizer.zero_grad(), loss.backward(), optimizer.step(), return the number.",
        "G's gradients change in D's step. → fake = G(z).detach(). The fakes are then plain data, as the real samples are.",
        "Do I have to freeze G? → No. If nothing leads back to G and the optimizer holds D's parameters only, G cannot move.",
        "Nearly everything:\n```python\nfake = G(z).detach()\nloss = discriminator_loss(D(real), D(fake))\n...\noptimizer.step()\nreturn loss.item()\n```",
    ),
)
