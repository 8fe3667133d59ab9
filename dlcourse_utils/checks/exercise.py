"""An exercise, defined once and used three times: the instant check, the grading, the proof of the check."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..probes.observe import Observation
from .verdict import Verdict

DEEP_LIBRARIES = ("torch", "tensorflow", "keras", "jax", "autograd", "tinygrad", "mxnet")


@dataclass(frozen=True)
class Case:
    """One input to try: plain data (see `dlcourse_utils.probes.data`). Its name is shown to the learner."""

    name: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    weight: float = 1.0


@dataclass(frozen=True)
class Exercise:
    """Everything the judge knows about an exercise.

    id: "02.softmax", the thread through heading, check, tests and hints.
    objects: names that the learner defines, in the order in which `check` takes them.
    points: 1 for ●○○, 2 for ●●○, 3 for ●●● and milestones.
    cases: draws the inputs from a generator.
    oracle: the right answer to a case, found in another way than the one taught; or
    judge: decides from the observation when no single answer is right.
    mistakes, conventions: known-wrong implementations; the docstring is what a good teacher would say. A convention
        (another well-known way of doing it) scores 0.5 throughout. With several `objects`, each is a class whose
        attributes carry their names.
    hints: staged; the last is nearly the solution.
    builds_on: earlier exercises whose functions the learner may call here.
    probe: name of the probe that runs the learner's objects.
    rtol, atol: how close is right; None chooses by dtype and scale.
    may_change_inputs: True when changing an argument in place is the point.
    forbids: dotted names of libraries or functions that an answer may not use; None means those of the chapter.
    judges_errors: True when `judge` wants to see observations that ended in an exception.
    """

    id: str
    title: str
    objects: tuple[str, ...]
    points: int
    cases: Callable[[np.random.Generator], Iterable[Case]]
    oracle: Callable[..., Any] | None = None
    judge: Callable[[Case, Observation], Verdict] | None = None
    mistakes: tuple[Any, ...] = ()
    conventions: tuple[Any, ...] = ()
    hints: tuple[str, ...] = ()
    builds_on: tuple[str, ...] = ()
    probe: str = "call"
    rtol: float | None = None
    atol: float | None = None
    may_change_inputs: bool = False
    judges_errors: bool = False
    forbids: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if (self.oracle is None) == (self.judge is None):
            raise ValueError(f"{self.id}: give either an oracle or a judge")
        for wrong in (*self.mistakes, *self.conventions):
            if not inspect.getdoc(wrong):
                raise ValueError(f"{self.id}: the mistake {wrong.__name__} has no sentence in its docstring")

    @property
    def forbidden(self) -> tuple[str, ...]:
        """Dotted names that an answer may not use: the chapters before 06 are NumPy's."""
        if self.forbids is not None:
            return self.forbids
        return DEEP_LIBRARIES if self.id < "06" else ()

    def attempt_of(self, implementation: Any) -> tuple[Any, ...]:
        """Return the objects that `implementation` (a mistake, a variant) stands for, in `objects` order."""
        if len(self.objects) == 1 and not _is_namespace(implementation, self.objects):
            return (implementation,)
        return tuple(getattr(implementation, name) for name in self.objects)


def _is_namespace(implementation: Any, objects: tuple[str, ...]) -> bool:
    return inspect.isclass(implementation) and all(name in vars(implementation) for name in objects)


def sentence_of(wrong: Any) -> str:
    """Return what a teacher would say about a mistake: its docstring on one line."""
    return " ".join((inspect.getdoc(wrong) or "").split())
