"""01.stationary_distribution: where a chain spends its time in the long run."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.linalg import null_space

from ..authoring import Case, Exercise, Observation, Verdict, compare


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def rows(n: int, k: int) -> np.ndarray:
        return rng.dirichlet(np.full(k, 0.8), size=n) * 0.9 + 0.1 / k

    stay = np.array([rng.uniform(0.1, 0.35), rng.uniform(0.6, 0.85)])  # NumPy lists the other eigenvalue first
    yield Case("two states", args=(np.array([[stay[0], 1 - stay[0]], [1 - stay[1], stay[1]]]),))
    yield Case("three states", args=(rows(3, 3),))
    yield Case("twelve states", args=(rows(12, 12),))
    there_and_back = np.zeros((5, 5))
    there_and_back[:2, 2:], there_and_back[2:, :2] = rows(2, 3), rows(3, 2)
    yield Case("there and back: odd steps here, even steps there", args=(there_and_back,), weight=2.0)
    slow = np.zeros((5, 5))
    slow[:2, :2], slow[2:, 2:] = rows(2, 2), rows(3, 3)
    leak = rng.uniform(2e-4, 6e-4, size=2)
    slow[:2] *= 1 - leak[0]
    slow[:2, 4] = leak[0]
    slow[2:] *= 1 - leak[1]
    slow[2:, 0] = leak[1]
    yield Case("two groups that rarely meet", args=(slow,))
    passing = np.zeros((4, 4))
    passing[0], passing[1:, 1:] = rng.dirichlet(np.full(4, 2.0)), rows(3, 3)
    yield Case("a state that is left for good", args=(passing,))
    yield Case("one state", args=(np.array([[1.0]]),), weight=0.25)


def judge(case: Case, observation: Observation) -> Verdict:
    """Compare with the one direction that pᵀ - I sends to zero; see whether a wrong answer is a chain still on its way."""
    (p,) = case.args
    v = null_space(np.asarray(p, dtype=float).T - np.eye(len(p)), rcond=1e-11)[:, 0]
    verdict = compare(v / v.sum(), observation.value)
    return verdict if verdict.passed or verdict.kind != "value" else replace(verdict, symptom=_on_its_way(observation.value, p))


def _on_its_way(pi: Any, p: np.ndarray) -> str:
    """Name what a step does to a wrong answer, however many steps led to it; "" when that tells nothing."""
    if not np.isfinite(pi).all() or np.abs(pi).max() > 1e6:
        return "blown up"  # the entries of every other eigenvector sum to 0: dividing by that leaves rounding noise
    if pi.min() < 0 or abs(pi.sum() - 1) > 1e-6:
        return ""
    once = pi @ p
    if np.abs(once - pi).max() > 1e-3 and np.allclose(once @ p, pi, atol=1e-6):
        return "swings"
    return "not settled" if np.abs(once - pi).max() < 1e-3 else ""


def _solve(p):
    n = len(p)
    equations = np.vstack([p.T - np.eye(n), np.ones(n)])
    return np.linalg.lstsq(equations, np.append(np.zeros(n), 1.0), rcond=None)[0]


def transposed(p):
    """You solve p π = π. The chain moves a *row* of probabilities: π p = π, that is pᵀ π = π. (p π = π has the
    solution that all are equal.)"""
    return np.full(len(p), 1 / len(p))


def not_normalised(p):
    """Your numbers stand in the right proportion but do not sum to 1. Divide by their sum (it also sets the
    sign right)."""
    v = _solve(p)
    return -v / np.linalg.norm(v)


def too_few_steps(p):
    """You let the chain run for some steps and stop before it has settled. Groups that rarely meet take
    thousands of steps; solve π p = π directly, or square p again and again."""
    state = np.full(len(p), 1 / len(p))
    for _ in range(400):
        state = 0.5 * (state + state @ p)
    return state


def just_lets_it_run(p):
    """You let the chain run for some steps. Two kinds of chains defeat that: one that swings between two
    groups never settles, and one whose groups rarely meet takes thousands of steps. Solve π p = π directly."""
    state = np.full(len(p), 1 / len(p))
    for _ in range(1000):
        state = state @ p
    return state


def steps_of_a_swinging_chain(p):
    """You let the chain run, but a chain that swings between two groups never settles. Average over two
    neighbouring steps, π ← (π + π p) / 2, or solve π p = π directly."""
    return np.full(len(p), 1 / len(p)) @ np.linalg.matrix_power(p, 2**20)


def average_of_the_rows(p):
    """You average the rows of p. That is where the chain is after *one* step from anywhere. Repeat the step
    until nothing changes, or solve π p = π."""
    return p.mean(axis=0)


def first_eigenvector(p):
    """You take an eigenvector without looking at its eigenvalue: the first in NumPy's list, or the largest in
    size, which may be -1. The one you want has the eigenvalue 1: np.argmin(np.abs(values - 1))."""
    values, vectors = np.linalg.eig(p.T)  # which one comes first is up to rounding, so take one that is surely wrong
    v = vectors[:, np.argmax(np.abs(values - 1))].real
    return v / v.sum()


def states_counted_equal(p):
    """You count how many states lead into each one, however seldom. The probabilities weigh them."""
    v = (p > 0).sum(axis=0) / (p > 0).sum()
    return v


def diagonal(p):
    """You read off how likely each state is to stay. The long run also depends on how often it is entered."""
    return np.diag(p) / max(np.trace(p), 1e-12)


EXERCISE = Exercise(
    id="01.stationary_distribution",
    title="The long run",
    objects=("stationary_distribution",),
    points=2,
    cases=cases,
    judge=judge,
    mistakes=(
        transposed,
        not_normalised,
        too_few_steps,
        just_lets_it_run,
        steps_of_a_swinging_chain,
        average_of_the_rows,
        first_eigenvector,
        states_counted_equal,
        diagonal,
    ),
    hints=(
        "What is being asked? → A row π of probabilities that one step does not change: π p = π, with sum 1.",
        "Can I just let the chain run? → Nearly. π p, again and again, never settles when the chain swings"
        " between two groups. (π + π p) / 2 does settle, slowly.",
        "How do I solve it at once? → π p = π is the same as (pᵀ - I) π = 0: V equations that leave the scale"
        " open. Add one more equation, Σ π = 1, as a row of ones, and give all to np.linalg.lstsq.",
        "```python\nn = len(p)\nequations = np.vstack([p.T - np.eye(n), np.ones(n)])\n"
        "right_side = np.append(np.zeros(n), 1.0)\n"
        "return np.linalg.lstsq(equations, right_side, rcond=None)[0]\n```",
    ),
)
