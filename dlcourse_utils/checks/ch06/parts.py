"""Comparing what a probe yields part by part: the first part that is off is the one to talk about.

A probe that looks at a model stops where looking on makes no sense (no module, the wrong number of parameters). The
parts that then are missing are a consequence, not the fault.
"""

from typing import Any

from ..authoring import Verdict, compare


def in_order(expected: dict[str, Any], got: Any) -> Verdict:
    """Return the verdict on the first part, in the order of `expected`, that is not as expected."""
    parts = got if isinstance(got, dict) else {}
    for name, wanted in expected.items():
        if name not in parts:
            return Verdict.broken(f"There is nothing to compare for {name!r}.", wanted, None, where=name)
        verdict = compare(wanted, parts[name])
        if not verdict.passed:
            return verdict.at(name)
    return Verdict.ok()
