"""03.gradient_check: a claimed gradient beside a measured one. Several ways to scale the error are right."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..authoring import Case, Exercise, Observation, Recipe, Verdict, compare

SMALL = 1e-5  # a right gradient, measured by central differences, must come out below this


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield _case(rng, "a right gradient of shape (4, 3)", (4, 3), {}, weight=0.5)
    yield _case(rng, "a right gradient of a strongly curved function", (6,), {}, recipe="steep", weight=0.5)
    yield _case(rng, "one wrong element, the last of (3, 4)", (3, 4), {-1: 1.3})
    yield _case(rng, "one wrong element in the middle of (2, 3, 2)", (2, 3, 2), {7: 0.8})
    yield _case(rng, "two wrong elements, one with its sign flipped", (5,), {1: -1.0, 3: 1.1})
    yield _case(rng, "tiny gradients, one of them 40 % too large", (4, 2), {3: 1.4}, scale=1e-5)
    yield _case(rng, "a right gradient, some slopes are exactly 0", (3, 3), {}, dead=(2, 4), weight=0.5)
    yield _case(rng, "0 claimed where the slope is not 0, and some are 0", (7,), {2: 0.0}, dead=(5,))
    yield _case(rng, "eps given by the caller", (2, 4), {5: 1.25}, eps=1e-4)


def _case(
    rng: np.random.Generator,
    name: str,
    shape: tuple[int, ...],
    factors: dict[int, float],
    recipe: str = "cubic",
    scale: float = 1.0,
    dead: tuple[int, ...] = (),
    eps: float | None = None,
    weight: float = 1.0,
) -> Case:
    """A function, a point, and its true gradient with the elements in `factors` multiplied by an error."""
    size = int(np.prod(shape))
    weights = rng.choice([-1.0, 1.0], size=size) * rng.uniform(0.5, 2.0, size=size) * scale
    weights[list(factors)] = np.abs(weights[list(factors)])  # a forgotten abs() must show
    weights[list(dead)] = 0.0  # f does not depend on these elements at all
    x = rng.choice([-1.0, 1.0], size=size) * rng.uniform(0.5, 1.5, size=size)
    if recipe == "steep":
        x = x / 20
    weights, x = weights.reshape(shape), x.reshape(shape)
    grad = _true_gradient(recipe, weights, x).ravel().copy()
    for index, factor in factors.items():
        grad[index] *= factor
    kwargs: dict[str, Any] = {} if eps is None else {"eps": eps}
    return Case(name, args=(Recipe(recipe, weights=weights), x, grad.reshape(shape)), kwargs=kwargs, weight=weight)


def _true_gradient(recipe: str, weights: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Closed forms: cubic is Σ w·x³/3, steep is Σ w·exp(40x)/40 (see probes/ch03.py)."""
    return weights * (x**2 if recipe == "cubic" else np.exp(40 * x))


def judge(case: Case, observation: Observation) -> Verdict:
    """Accept |a-n|/max(|a|,|n|) and |a-n|/(|a|+|n|), with or without a small floor under the denominator."""
    changed = _left_changed(case, observation)
    if changed is not None:
        return changed
    recipe, x, claimed = case.args
    true = _true_gradient(recipe.name, recipe.kwargs["weights"], x)
    gap, big, both = np.abs(claimed - true), np.maximum(np.abs(claimed), np.abs(true)), np.abs(claimed) + np.abs(true)
    wanted = float((gap / np.where(big > 0, big, 1)).max())
    halved = float((gap / np.where(both > 0, both, 1)).max())
    got = observation.value
    form = compare(wanted, got, rtol=np.inf)
    if not form.passed and form.kind == "form":
        return form
    if np.isnan(got):
        return Verdict.wrong("Yours is not a number (NaN). Where claimed and measured are both 0, the error is 0.", wanted, got)
    if wanted < 1e-12:
        if 0 <= got < SMALL:
            return Verdict.ok()
        return Verdict.wrong(f"This gradient is right, so the error should be tiny (below {SMALL:g}); yours is {got:.3g}.", 0.0, got)
    if any(abs(got - right) <= 2e-3 * right for right in (wanted, halved)):
        return Verdict.ok()
    averages = ((gap / np.where(scale > 0, scale, 1)).mean() for scale in (big, both))
    symptom = "mean" if any(abs(got - mean) <= 2e-3 * mean for mean in averages) else ""
    said = f"Expected {wanted:.4g} (or {halved:.4g} with |a| + |n| below), yours is {got:.4g}."
    return Verdict.wrong(said, wanted, got, symptom=symptom)


def _left_changed(case: Case, observation: Observation) -> Verdict | None:
    """Return a verdict that says how x came to be changed, or None."""
    from ..judging import changed_input  # judging reads the exercises

    changed = changed_input(case, observation)
    now = (observation.after.get("args") or [None, None])[1]
    if changed is None or not isinstance(now, np.ndarray) or now.shape != case.args[1].shape:
        return changed
    gap = np.abs(now - case.args[1]).max()
    if gap == 0:
        return changed  # the claimed gradient, not x
    eps = case.kwargs.get("eps", 1e-5)
    if 0.5 * eps < gap < 3 * eps:
        said = "You nudge x[i] and do not put it back. Store `old = x[i]`, and restore it before the next element."
        return Verdict(False, "changed_input", said, symptom="left in")
    if gap <= 1e-3 * eps:
        said = "You undo the nudge by arithmetic, and rounding leaves x a little off. Store `old = x[i]`, and write it back."
        return Verdict(False, "changed_input", said, symptom="rounded")
    return changed


def _measured(f, x, eps):
    """Central differences, element by element, on a copy."""
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        old = x[i]
        x[i] = old + eps
        up = f(x)
        x[i] = old - eps
        n[i] = (up - f(x)) / (2 * eps)
        x[i] = old
    return n


def _relative(grad, n):
    big = np.maximum(np.abs(grad), np.abs(n))
    return np.abs(grad - n) / np.where(big > 0, big, 1.0)


def absolute_error(f, x, grad, eps=1e-5):
    """You return the absolute error. Next to a gradient of 1e-6 an error of 1e-6 is 100 %, next to 1,000 it is nothing: divide by the larger of |a| and |n|."""
    return float(np.abs(grad - _measured(f, x, eps)).max())


def zero_over_zero(f, x, grad, eps=1e-5):
    """Where claimed and measured are both 0 you compute 0/0, which is NaN. They agree perfectly there: count it as 0."""
    n = _measured(f, x, eps)
    with np.errstate(all="ignore"):
        return float((np.abs(grad - n) / np.maximum(np.abs(grad), np.abs(n))).max())


def first_element_only(f, x, grad, eps=1e-5):
    """You compare only one element. Mistakes hide in the others: measure every element and take the largest error."""
    return float(_relative(grad, _measured(f, x, eps)).flat[0])


def mean_error(f, x, grad, eps=1e-5):
    """You average the errors. One wrong element among a million right ones would vanish in the mean: take the maximum."""
    return float(_relative(grad, _measured(f, x, eps)).mean())


def one_sided_difference(f, x, grad, eps=1e-5):
    """You measure with f(x + eps) - f(x). Its error shrinks only like eps, and a right gradient looks wrong. Go to both sides: (f(x + eps) - f(x - eps)) / (2 eps)."""
    x = np.array(x, dtype=float)
    n = np.zeros_like(x)
    base = f(x)
    for i in np.ndindex(x.shape):
        x[i] += eps
        n[i] = (f(x) - base) / eps
        x[i] -= eps
    return float(_relative(grad, n).max())


def divides_by_eps(f, x, grad, eps=1e-5):
    """Your measured slopes are twice too large. From x - eps to x + eps it is 2 eps, so divide by 2 * eps."""
    return float(_relative(grad, 2 * _measured(f, x, eps)).max())


def sign_lost(f, x, grad, eps=1e-5):
    """You compare |a| with |n|, so a gradient with the wrong sign passes. Take the absolute value of the difference: |a - n|."""
    return float(_relative(np.abs(grad), np.abs(_measured(f, x, eps))).max())


def signed_error(f, x, grad, eps=1e-5):
    """You forget the absolute value: where the claimed slope is too small, the error is negative and the maximum misses it."""
    n = _measured(f, x, eps)
    big = np.maximum(np.abs(grad), np.abs(n))
    return float(((grad - n) / np.where(big > 0, big, 1.0)).max())


def moves_everything_at_once(f, x, grad, eps=1e-5):
    """You add eps to all of x at once, which measures the sum of all slopes. Move one element at a time and put it back."""
    n = np.full(np.shape(x), (f(x + eps) - f(x - eps)) / (2 * eps))
    return float(_relative(grad, n).max())


def ratio_of_norms(f, x, grad, eps=1e-5):
    """You used ‖a - n‖ / (‖a‖ + ‖n‖), the form in Andrew Ng's course. It is a good summary, but one wrong small element hides in it; here the *maximum over elements* is asked for."""
    n = _measured(f, x, eps)
    return float(np.linalg.norm(grad - n) / (np.linalg.norm(grad) + np.linalg.norm(n)))


def nudge_left_in(f, x, grad, eps=1e-5):
    """You nudge x[i] and do not put it back. Store `old = x[i]`, and restore it before the next element; or work on a copy and restore there too."""
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += eps
        up = f(x)
        x[i] -= 2 * eps
        n[i] = (up - f(x)) / (2 * eps)
    return float(_relative(grad, n).max())


def undone_by_arithmetic(f, x, grad, eps=1e-5):
    """You undo the nudge by adding eps again, and rounding leaves the caller's x a little off. Store `old = x[i]`, and write it back."""
    n = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += eps
        up = f(x)
        x[i] -= 2 * eps
        n[i] = (up - f(x)) / (2 * eps)
        x[i] += eps
    return float(_relative(grad, n).max())


EXERCISE = Exercise(
    id="03.gradient_check",
    title="Measure a gradient",
    objects=("gradient_check",),
    points=2,
    cases=cases,
    judge=judge,
    may_change_inputs=True,  # the judge looks at x itself: it can say how x came to be changed
    mistakes=(
        absolute_error,
        zero_over_zero,
        first_element_only,
        mean_error,
        one_sided_difference,
        divides_by_eps,
        sign_lost,
        signed_error,
        moves_everything_at_once,
        nudge_left_in,
        undone_by_arithmetic,
    ),
    conventions=(ratio_of_norms,),
    hints=(
        "How do I measure one slope? → Move that one element by +eps, call f; move it to -eps, call f; divide the difference by 2 eps; "
        "put the element back.",
        "How do I visit all elements of any shape? → for i in np.ndindex(x.shape): then x[i] is one number, whatever the shape.",
        "The check says that I change x. → Work on a copy: x = x.copy() (or np.array(x, dtype=float)) in the first line.",
        "I get NaN. → Where both slopes are 0 you divide 0 by 0. Put a small floor under the denominator: max(|a|, |n|, 1e-8).",
        "Nearly everything:\n```python\nx = np.array(x, dtype=float)\nworst = 0.0\nfor i in np.ndindex(x.shape):\n    old = x[i]\n"
        "    x[i] = old + eps\n    up = f(x)\n    x[i] = old - eps\n    down = f(x)\n    x[i] = old\n    n = (up - down) / (2 * eps)\n"
        "    error = ...   # relative, between grad[i] and n\n    worst = max(worst, error)\nreturn worst\n```",
    ),
)
