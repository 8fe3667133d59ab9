"""10.milestone_ring: a generator is judged by where its samples fall; the centres are known to the judge only."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise, Observation, Verdict
from .made import learned_by_heart, samples
from .ring_mistakes import MISTAKES

MODES, RADIUS, SPREAD, NEAR = 6, 2.0, 0.1, 0.4
STEPS, ASKED = 700, 600
LEAST_SHARE, LEAST_NEAR = 0.03, 0.6  # the solution keeps 10 % in the weakest mode, and 85 % near


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, steps: int, again: bool, weight: float) -> Case:
        which = np.sort(rng.integers(MODES, size=1200))  # sorted by mode: whoever walks in order forgets
        angles = 2 * np.pi * which / MODES + rng.uniform(0, 2 * np.pi)
        data = RADIUS * np.stack([np.cos(angles), np.sin(angles)], axis=1) + SPREAD * rng.normal(size=(1200, 2))
        facts = {"data": data.astype(np.float32), "steps": steps, "seed": int(rng.integers(1000)), "again": again}
        return Case(title, kwargs={**facts, "z": rng.normal(size=(ASKED, 8))}, weight=weight)

    yield case("10 steps, trained twice", 10, True, 0.5)
    yield case(f"{STEPS} steps on six Gaussians on a ring, sorted by mode", STEPS, False, 1.0)


def centres_of(data: np.ndarray) -> np.ndarray:
    """Centres of equal modes on a ring: the sixth harmonic of the angle says how the ring is turned."""
    angles = np.arctan2(data[:, 1], data[:, 0])
    turn = np.angle(np.exp(1j * MODES * angles).mean()) / MODES
    at = turn + 2 * np.pi * np.arange(MODES) / MODES
    return RADIUS * np.stack([np.cos(at), np.sin(at)], axis=1)


def judge(case: Case, observation: Observation) -> Verdict:
    made = samples(observation.value or {}, (ASKED, 2), "train_ring")
    if isinstance(made, Verdict) or case.kwargs["again"]:
        return made if isinstance(made, Verdict) else Verdict.ok()
    distances = np.linalg.norm(made[:, None] - centres_of(case.kwargs["data"]), axis=2)
    near = distances.min(axis=1) <= NEAR
    shares = np.bincount(distances.argmin(axis=1)[near], minlength=MODES) / ASKED
    kept = int((shares >= LEAST_SHARE).sum())
    told = f"{near.mean():.0%} of your samples lie near a centre, and {kept} of {MODES} modes get at least {LEAST_SHARE:.0%} of them"
    if made.std(axis=0).max() < 0.35:
        middle = np.linalg.norm(made.mean(axis=0)) < 1
        return Verdict.wrong(f"All your samples lie on one spot; {told}.", symptom="in the middle" if middle else "one spot")
    if kept < MODES:
        return Verdict.wrong(f"{told}. All {MODES} are asked for.", symptom="modes lost" if near.mean() >= 0.5 else "elsewhere")
    if near.mean() < LEAST_NEAR:
        return Verdict.wrong(f"{told}. At least {LEAST_NEAR:.0%} near a centre are asked for.", symptom="elsewhere")
    return learned_by_heart(made, case.kwargs["data"]) or Verdict.ok(f"{told}.")


EXERCISE = Exercise(
    id="10.milestone_ring",
    title="Milestone: every mode of the ring",
    objects=("train_ring",),
    points=3,
    cases=cases,
    judge=judge,
    probe="ch10.train",
    mistakes=MISTAKES,
    builds_on=("10.discriminator_loss", "10.generator_step", "10.gradient_penalty"),
    hints=(
        "Which pieces do I need? → torch.manual_seed(seed), a G and a D (three linear layers, 64 units), two Adam optimizers, and a loop: D's move with the penalty, then G's move.",
        "Modes are lost. → A leash on D helps most: loss = discriminator_loss(D(real), D(fake)) + 0.1 * gradient_penalty(D, real, fake, generator). And Adam with betas=(0.5, 0.9).",
        "All modes are there, but many samples lie between. → Larger steps (lr = 5e-3) within the number of steps you are given.",
        "It fails on sorted data. → Draw each batch at random: data[rng.integers(len(data), size=128)].",
        "Nearly everything:\n```python\nfor _ in range(steps):\n    real = data[rng.integers(len(data), size=128)]\n    fake = G(torch.randn(128, 8)).detach()\n"
        "    loss = discriminator_loss(D(real), D(fake)) + 0.1 * gradient_penalty(D, real, fake, generator)\n    ...\n    generator_step(G, D, opt_g, torch.randn(128, 8))\nreturn G.eval()\n```",
    ),
)
