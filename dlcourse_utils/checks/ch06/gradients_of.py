"""06.gradients_of: autograd as a function that leaves no trace, checked against slopes worked out by hand."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from ..authoring import Case, Exercise, Observation, Recipe, Verdict, compare

ROUGHLY = 0.02  # what only comes this close was measured, not worked out


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """`wants` and `stale` say for each tensor whether requires_grad is set and whether .grad already holds something."""

    def case(
        title: str, f: str, shapes: tuple[tuple[int, ...], ...], wants: str, stale: str, weight: float = 1.0
    ) -> Case:
        values = [rng.uniform(0.5, 2.0, size=shape) * rng.choice([-1.0, 1.0], size=shape) for shape in shapes]
        if f == "one":
            values[0] = np.asarray(abs(values[0]))
        flags = {"wants": [c == "y" for c in wants], "stale": [c == "y" for c in stale]}
        return Case(title, kwargs={"f": Recipe("ch06.function", kind=f), "values": values, **flags}, weight=weight)

    yield case("f(x) of one tensor (3, 2)", "one", ((3, 2),), "y", "n")
    yield case("f(x, w) of a matrix product", "product", ((4, 3), (3, 2)), "yy", "nn")
    yield case("the tensors carry an old .grad", "product", ((2, 5), (5, 3)), "yy", "yy")
    yield case("plain tensors, requires_grad is off", "product", ((3, 4), (4, 2)), "nn", "nn")
    yield case("f uses only two of three tensors", "skips", ((4,), (2, 3), (4,)), "yyy", "nnn")
    yield case("a mixture of everything", "skips", ((3,), (3, 2), (3,)), "ynn", "yny")
    # differences of f cannot see the small part: it drowns in the rounding of 10¹⁰. Autograd never subtracts.
    yield case("f has a huge part and a small one", "two scales", ((6,), (8,)), "yy", "nn", weight=2.0)
    yield case("a huge part and a small one, plain tensors", "two scales", ((2, 3), (3, 3)), "nn", "nn", weight=2.0)


def oracle(f: Recipe, values: list[np.ndarray], wants: list[bool], stale: list[bool]) -> dict[str, Any]:
    gradients = _SLOPES[f.kwargs["kind"]](*values)
    return {
        "gradients": tuple(gradients),
        "gradients carry a graph": ["no"] * len(values),
        "values": list(values),
        ".grad afterwards": ["sevens, as before" if s else "None" for s in stale],
        "requires_grad afterwards": ["yes" if want else "no" for want in wants],
    }


_SLOPES: dict[str, Callable[..., tuple[np.ndarray, ...]]] = {
    # f = Σ x³ + Σ log x
    "one": lambda x: (3 * x**2 + 1 / x,),
    # f = Σ tanh(x w)
    "product": lambda x, w: ((1 - np.tanh(x @ w) ** 2) @ w.T, x.T @ (1 - np.tanh(x @ w) ** 2)),
    # f = Σ a² c, and b is not used
    "skips": lambda a, b, c: (2 * a * c, np.zeros_like(b), a**2),
    # f = 10¹⁰ Σ |a| + Σ b³
    "two scales": lambda a, b: (1e10 * np.sign(a), 3 * b**2),
}


def judge(case: Case, observation: Observation) -> Verdict:
    """Compare with the oracle; gradients that are nearly right get a word of their own."""
    expected = oracle(**case.kwargs)
    verdict = compare(expected, observation.value)
    if verdict.passed or not verdict.where.startswith("gradients["):
        return verdict
    pairs = list(zip(expected["gradients"], observation.value["gradients"], strict=True))
    if case.kwargs["f"].kwargs["kind"] == "two scales":
        measured = _close_to(*pairs[0])  # then an error in the second comes from rounding the huge f
    else:
        measured = all(_close_to(right, got) for right, got in pairs)
    return replace(verdict, symptom="measured") if measured else verdict


def _close_to(right: np.ndarray, got: Any) -> bool:
    if not isinstance(got, np.ndarray) or got.shape != right.shape or got.dtype.kind != "f":
        return False
    return bool(np.linalg.norm(got - right) <= ROUGHLY * np.linalg.norm(right) + 1e-6)


def backward_on_the_callers_tensors(f, *tensors):
    """You call .backward() on the caller's own tensors, so their `.grad` is changed: backward *adds* to what it finds there. Use torch.autograd.grad, which returns the gradients and stores nothing, or work on copies (t.detach().clone())."""
    for t in tensors:
        t.requires_grad_(True)
    f(*tensors).backward()
    return tuple(torch.zeros_like(t) if t.grad is None else t.grad.clone() for t in tensors)


def old_grad_thrown_away(f, *tensors):
    """You clear `.grad` on the caller's tensors to get a clean start. The gradients are right, but what the caller had kept in .grad is gone. Work on copies (t.detach().clone().requires_grad_()), or use torch.autograd.grad."""
    wanted = [t.requires_grad for t in tensors]
    for t in tensors:
        t.grad = None
        t.requires_grad_(True)
    f(*tensors).backward()
    gradients = tuple(torch.zeros_like(t) if t.grad is None else t.grad.clone() for t in tensors)
    for t, want in zip(tensors, wanted, strict=True):
        t.grad = None
        t.requires_grad_(want)
    return gradients


def requires_grad_left_on(f, *tensors):
    """You switch requires_grad on for the caller's tensors and leave it on. From now on everything computed from them records a graph. Switch it on for copies: t.detach().clone().requires_grad_()."""
    for t in tensors:
        t.requires_grad_(True)
    return torch.autograd.grad(f(*tensors), tensors, allow_unused=True, materialize_grads=True)


def _copies(tensors):
    return [t.detach().clone().requires_grad_(True) for t in tensors]


def _measured(f, tensors, step, back):
    found = []
    with torch.no_grad():
        copies = [t.detach().clone() for t in tensors]
        for t in copies:
            slope = torch.zeros_like(t)
            for place in np.ndindex(*t.shape):
                kept = t[place].item()
                t[place] = kept + step
                high = f(*copies)
                t[place] = kept - back * step
                slope[place] = (high - f(*copies)) / ((1 + back) * step)
                t[place] = kept
            found.append(slope)
    return tuple(found)


def measured_by_central_differences(f, *tensors):
    """Your gradients are measured: f is evaluated a little to both sides, and the difference divided. That is chapter 03's gradient check, not autograd. Where f is large, the difference drowns in rounding, and each entry costs two calls of f. Ask autograd: torch.autograd.grad(f(*copies), copies)."""
    return _measured(f, tensors, 1e-5, 1)


def measured_to_one_side(f, *tensors):
    """Your gradients come close, and only close: they look measured, as (f(x + ε) − f(x)) / ε, or with too few digits. Autograd gives the exact slope: torch.autograd.grad(f(*copies), copies), in the tensors' own dtype."""
    return _measured(f, tensors, 1e-5, 0)


def none_for_an_unused_tensor(f, *tensors):
    """For a tensor that f does not use you return None. Its gradient is known: zeros of its shape, because moving it changes nothing."""
    copies = _copies(tensors)
    return torch.autograd.grad(f(*copies), copies, allow_unused=True)


def graph_still_attached(f, *tensors):
    """Your gradients still carry the graph they were computed with (requires_grad is True), so it stays in memory as long as they do. Leave create_graph off, or .detach() them."""
    copies = _copies(tensors)
    return torch.autograd.grad(f(*copies), copies, create_graph=True, allow_unused=True, materialize_grads=True)


def a_bare_tensor_for_one(f, *tensors):
    """For one tensor you return the gradient itself. The answer is always a tuple, with one entry per tensor, so that the caller need not tell two cases apart: (g,)."""
    copies = _copies(tensors)
    gradients = torch.autograd.grad(f(*copies), copies, allow_unused=True, materialize_grads=True)
    return gradients[0] if len(gradients) == 1 else gradients


def only_the_first_tensor(f, *tensors):
    """You return the gradient of the first tensor only. Each of the tensors gets one, in the order they came."""
    copies = _copies(tensors)
    return torch.autograd.grad(f(*copies), copies[:1])


def unused_tensor_raises(f, *tensors):
    """Your function stops when f does not use one of the tensors. allow_unused=True lets autograd.grad return None for it; hand out zeros of its shape then (materialize_grads=True does it for you)."""
    copies = _copies(tensors)
    return torch.autograd.grad(f(*copies), copies)


def a_single_zero_for_an_unused_tensor(f, *tensors):
    """For a tensor that f does not use you return one single 0. A gradient has the shape of its tensor: torch.zeros_like(t)."""
    copies = _copies(tensors)
    found = torch.autograd.grad(f(*copies), copies, allow_unused=True)
    return tuple(torch.tensor(0.0) if g is None else g for g in found)


def grad_cleared_and_requires_grad_left_on(f, *tensors):
    """You work on the caller's own tensors: what stood in their .grad is gone, and requires_grad stays on. Work on copies (t.detach().clone().requires_grad_()), or use torch.autograd.grad."""
    for t in tensors:
        t.requires_grad_(True)
        t.grad = None
    f(*tensors).backward()
    found = tuple(torch.zeros_like(t) if t.grad is None else t.grad.clone() for t in tensors)
    for t in tensors:
        t.grad = None
    return found


EXERCISE = Exercise(
    id="06.gradients_of",
    title="Ask autograd",
    objects=("gradients_of",),
    points=2,
    cases=cases,
    probe="ch06.gradients_of",
    judge=judge,
    mistakes=(
        backward_on_the_callers_tensors,
        old_grad_thrown_away,
        requires_grad_left_on,
        measured_by_central_differences,
        measured_to_one_side,
        none_for_an_unused_tensor,
        graph_still_attached,
        a_bare_tensor_for_one,
        only_the_first_tensor,
        unused_tensor_raises,
        a_single_zero_for_an_unused_tensor,
        grad_cleared_and_requires_grad_left_on,
    ),
    hints=(
        "Which function do I need? → torch.autograd.grad(loss, inputs) returns one gradient per input and leaves .grad alone.",
        '"element 0 of tensors does not require grad". → The tensors came without requires_grad. Do not switch it on for the caller\'s: '
        "make copies with t.detach().clone().requires_grad_() and call f on those.",
        '"One of the differentiated Tensors appears to not have been used in the graph". → Say allow_unused=True. You then get None '
        "for that tensor; turn it into torch.zeros_like(t) (or say materialize_grads=True).",
        "Nearly everything:\n```python\ncopies = [t.detach().clone().requires_grad_() for t in tensors]\nvalue = f(*copies)\n"
        "return torch.autograd.grad(value, copies, allow_unused=True, ...)\n```",
    ),
)
