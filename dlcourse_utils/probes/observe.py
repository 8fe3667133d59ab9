"""Run one probe on one case and say what happened, as plain data."""

from __future__ import annotations

import copy
import inspect
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from .data import Recipe, build, to_data
from .quiet import captured_output
from .registry import find_probe
from .traces import Raised, describe

MAX_PRINTED = 2_000  # characters of a learner's prints that are worth showing again


@dataclass(frozen=True)
class Observation:
    """What learner code did with one case.

    `value` is what it returned (for a probe in parts: a dict of the parts up to a crash), `after` the case's
    inputs afterwards (None for what was built from a recipe), `raised` the exception, if any.
    """

    value: Any = None
    raised: Raised | None = None
    after: dict[str, Any] = field(default_factory=dict)
    printed: str = ""
    warned: tuple[str, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """Return the observation as plain data for the wire."""
        return {
            "value": self.value,
            "raised": None if self.raised is None else asdict(self.raised),
            "after": self.after,
            "printed": self.printed,
            "warned": list(self.warned),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Observation:
        """Rebuild an observation; it comes from a process that may lie, so every field is forced into its type."""
        raised = plain.get("raised")
        after = plain.get("after")
        return cls(
            value=plain.get("value"),
            raised=None if raised is None else Raised.from_plain(raised),
            after=after if isinstance(after, dict) else {},
            printed=str(plain.get("printed", ""))[:MAX_PRINTED],
            warned=tuple(str(w)[:200] for w in list(plain.get("warned") or [])[:5]),
        )


def observe(
    probe_name: str, attempt: Sequence[Any], args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
) -> Observation:
    """Run the probe on fresh copies of a case's inputs; whatever learner code raises becomes part of the answer.

    Only KeyboardInterrupt passes through: it is the person at the keyboard who speaks.
    """
    run = find_probe(probe_name)
    built_args = [build(arg) for arg in args]
    built_kwargs = {key: build(arg) for key, arg in (kwargs or {}).items()}
    parts: dict[str, Any] = {}
    value: Any = None
    raised: Raised | None = None
    with captured_output(MAX_PRINTED) as printed, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            outcome: Any = run(tuple(attempt), *built_args, **built_kwargs)
            if inspect.isgenerator(outcome) and inspect.isgeneratorfunction(run):
                for name, part in cast("Iterator[tuple[str, Any]]", outcome):
                    parts[name] = to_data(part)
                value = parts
            else:
                value = to_data(outcome)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit too: `exit()` in an answer must not end a session
            raised = describe(error, attempt)
            value = parts or None
        after = {
            "args": [_after(arg, built) for arg, built in zip(args, built_args, strict=True)],
            "kwargs": {key: _after(arg, built_kwargs[key]) for key, arg in (kwargs or {}).items()},
        }
    warned = tuple(dict.fromkeys(f"{w.category.__name__}: {w.message}"[:200] for w in caught))[:5]
    return Observation(copy.deepcopy(value), raised, after, printed.getvalue(), warned)


def _after(given: Any, built: Any) -> Any:
    return None if isinstance(given, Recipe) else to_data(built)
