"""04.milestone_ravine: settings with which five optimizers reach the floor of one ravine; run here by torch.optim."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict

BOTTOM = np.array([1.0, 0.5])
CURVATURE = np.array([1.0, 50.0])  # ½ (x - 1)² + ½ · 50 (y - ½)²
STEPS, CLOSE = 120, 0.1
_KEYS: dict[str, set[str]] = {
    "sgd": {"lr"},
    "momentum": {"lr", "beta"},
    "rmsprop": {"lr", "beta", "eps"},
    "adam": {"lr", "beta1", "beta2", "eps"},
    "adamw": {"lr", "beta1", "beta2", "eps", "weight_decay"},
}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    for name in _KEYS:
        starts = BOTTOM + rng.uniform([3.0, 1.0], [4.5, 2.0], size=(4, 2)) * rng.choice([-1, 1], size=(4, 2))
        yield Case(name, kwargs={"_starts": starts})


def judge(case: Case, observation: Observation) -> Verdict:
    """All four starts end within 0.1 of the bottom after 120 steps of this optimizer."""
    table, name = observation.value, case.name
    if not isinstance(table, dict):
        return Verdict.broken('Expected a dict of settings: {"sgd": {"lr": …}, "momentum": …, …}.')
    hyper = table.get(name)
    if not isinstance(hyper, dict) or "lr" not in hyper:
        return Verdict.broken(f'There is no {{"lr": …}} for "{name}".', symptom="missing")
    unknown = sorted(set(hyper) - _KEYS[name])
    if unknown:
        return Verdict.broken(f"{name}_step has no setting called {unknown[0]!r}.", symptom="unknown setting")
    numbers = all(isinstance(v, (int, float)) and 0 <= v < 1e6 for v in hyper.values())
    averages = all(v < 1 for k, v in hyper.items() if k.startswith("beta") and isinstance(v, (int, float)))
    if not (numbers and averages and hyper["lr"] > 0):
        return Verdict.broken("Settings are numbers: lr above 0, every β from 0 to below 1.", symptom="no number")
    starts = case.kwargs["_starts"]
    with np.errstate(all="ignore"):
        away = np.linalg.norm(_ends(name, hyper, starts) - BOTTOM, axis=1)
    if not np.isfinite(away).all() or (away > np.linalg.norm(starts - BOTTOM, axis=1)).any():
        return Verdict.wrong(f"{name} runs away: after {STEPS} steps it is further off than at the start. Lower its lr.",
                             symptom=f"runs away{_one_rate(table)}")
    if (away > CLOSE).any():
        kind = _kind(name, **hyper)
        return Verdict.wrong(f"From one of four starts, {name} ends {away.max():.2g} away from the bottom; "
                             f"the goal is {CLOSE}. {_ADVICE[kind]}", symptom=f"{kind}{_one_rate(table)}")
    return Verdict.ok(f"{name} ends at most {away.max():.2g} away from the bottom.")


_ADVICE = {
    "too careful": "Go closer to the edge of 2 / 50 = 0.04, without crossing it.",
    "hardly brakes": "With a β this close to 1 it is still swinging: lower β.",
    "still on its way": "Raise lr, or let β gather more.",
    "too short a stride": "Its steps are about lr long, and 120 of these do not cover the way: raise lr.",
    "pulled aside": "Its weight decay pulls towards (0, 0): lower it.",
    "not at rest": "It has come all the way and does not settle: lower lr, or β so that it forgets sooner.",
}


def _kind(name: str, lr: float, beta: float = 0.9, weight_decay: float = 0.01, **_: float) -> str:
    """Why these settings end beside the bottom, as far as the settings themselves tell."""
    if name == "sgd":
        return "too careful"
    if name == "momentum":
        return "hardly brakes" if beta > 0.93 else "still on its way"
    if lr * STEPS < 4.5:
        return "too short a stride"
    return "pulled aside" if name == "adamw" and weight_decay > 0.02 else "not at rest"


def _one_rate(table: dict[str, Any]) -> str:
    """Tell a table with one rate for all five from five rates of which several are wrong."""
    rates = {str(s.get("lr")) if isinstance(s, dict) else "" for s in table.values()}
    return ", one rate for all" if len(rates) == 1 and len(table) == len(_KEYS) else ""


def _ends(name: str, hyper: dict[str, float], starts: np.ndarray) -> np.ndarray:
    import torch

    x = torch.nn.Parameter(torch.tensor(starts))
    method = _method(x, name, **hyper)
    bottom, curvature = torch.tensor(BOTTOM), torch.tensor(CURVATURE)
    for _ in range(STEPS):
        x.grad = curvature * (x.detach() - bottom)
        method.step()
    return x.detach().numpy()


def _method(x: Any, name: str, lr: float, eps: float = 1e-8, beta: float | None = None, beta1: float = 0.9,
            beta2: float = 0.999, weight_decay: float = 0.01) -> Any:
    import torch

    if name == "sgd":
        return torch.optim.SGD([x], lr=lr)
    if name == "momentum":
        return torch.optim.SGD([x], lr=lr, momentum=0.9 if beta is None else beta)
    if name == "rmsprop":
        return torch.optim.RMSprop([x], lr=lr, alpha=0.99 if beta is None else beta, eps=eps)
    if name == "adam":
        return torch.optim.Adam([x], lr=lr, betas=(beta1, beta2), eps=eps)
    return torch.optim.AdamW([x], lr=lr, betas=(beta1, beta2), eps=eps, weight_decay=weight_decay)


_GOOD = {
    "sgd": {"lr": 0.036},
    "momentum": {"lr": 0.03, "beta": 0.85},
    "rmsprop": {"lr": 0.08, "beta": 0.9},
    "adam": {"lr": 0.3},
    "adamw": {"lr": 0.3, "weight_decay": 0.001},
}


def one_small_rate_for_all():
    """One small rate for everybody, such as the 0.001 that libraries have as their default, brings nobody near the
    bottom in 120 steps. Each method has a scale of its own."""
    return {name: {"lr": 0.001} for name in _GOOD}


def adams_rate_for_all():
    """You give all five the same large rate. It may suit Adam, whose steps are about lr long however steep it is. SGD
    and momentum multiply the gradient itself: above 2 / 50 = 0.04 plain descent jumps further up the other wall with
    every step."""
    return {name: {"lr": 0.3} for name in _GOOD}


def sgd_past_the_edge():
    """SGD's rate lies above 2 / 50 = 0.04, the edge for the steep direction's curvature of 50: each step lands higher
    on the opposite wall. Go below."""
    return {**_GOOD, "sgd": {"lr": 0.042}}


def sgd_too_careful():
    """SGD walks safely but arrives too late. Along the floor a share (1 - lr) of the way remains after each step: with
    lr = 0.01, say, a third of it after 120. Go closer to the edge of 0.04."""
    return {**_GOOD, "sgd": {"lr": 0.01}}


def momentum_at_plain_rate_too_heavy():
    """Momentum with a β this close to 1 hardly brakes: the ball swings to and fro along the floor and is still swinging
    after 120 steps. Lower β to 0.8 or 0.9."""
    return {**_GOOD, "momentum": {"lr": 0.03, "beta": 0.99}}


def decay_too_strong():
    """AdamW's weight decay pulls towards the origin, not towards the bottom at (1, ½). At this strength the two pulls
    meet short of it. Lower weight_decay."""
    return {**_GOOD, "adamw": {"lr": 0.3, "weight_decay": 0.5}}


def adaptive_ones_too_careful():
    """RMSProp, Adam and AdamW move about lr per step, and there are 4 units to go in 120 steps. Yours are too short a
    stride."""
    return {**_GOOD, **{name: {"lr": 0.01} for name in ("rmsprop", "adam", "adamw")}}


EXERCISE = Exercise(
    id="04.milestone_ravine",
    title="Milestone: five ways down one ravine",
    objects=("ravine_settings",),
    points=3,
    cases=cases,
    judge=judge,
    probe="settings",
    mistakes=(
        one_small_rate_for_all,
        adams_rate_for_all,
        sgd_past_the_edge,
        sgd_too_careful,
        momentum_at_plain_rate_too_heavy,
        decay_too_strong,
        adaptive_ones_too_careful,
    ),
    hints=(
        "Where do I start with SGD? → With the edge. In the steep direction each step multiplies the distance by 1 - 50·lr. "
        "That must stay between -1 and 1, so lr < 2 / 50. Along the floor the factor is 1 - lr, so stay close to the edge.",
        "Momentum? → A rate near SGD's and β between 0.8 and 0.9. With β too high it swings past the bottom for a long time.",
        "RMSProp and Adam? → Their steps are about lr long, whatever the slope. There are about 4 units to go and 120 steps, and the "
        "last steps must be short enough to end within 0.1.",
        "RMSProp rattles to and fro at the end. → A constant rate leaves it jumping about ± lr/2 around the bottom. Use a smaller lr, and "
        "β = 0.9 so that it remembers the long first gradients for less time.",
        "AdamW ends beside the bottom. → Its decay pulls towards (0, 0). Make weight_decay small, 0.001.",
    ),
)
