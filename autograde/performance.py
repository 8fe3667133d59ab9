"""What a submission did, as one piece of bytes: kept in a file, or sent from the machine where it ran."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlcourse_utils.probes import Observation
from dlcourse_utils.probes.wire import pack, unpack

from .plan import Step
from .runner import Ran

_LARGEST = 2**30
_PARTS = ("done", "again", "verified")
_TOO_LONG = ("timed_out", "out_of_time")


@dataclass(frozen=True)
class Performance:
    """What happened at each step; and what came out otherwise when some were run once more.

    again: the steps up to the last wrong answer. verified: what the notebook only defines, after full marks. Each is
    empty when everything came out the same, when there was nothing to look at, or when nobody asked for it.
    """

    done: list[Ran]
    again: list[Ran] = field(default_factory=list)
    verified: list[Ran] = field(default_factory=list)

    @property
    def lasting(self) -> bool:
        """False when a busy machine may be to blame for something: then it is run again next time."""
        return not any(map(_depends_on_the_hour, [*self.done, *self.again, *self.verified]))

    def to_bytes(self, steps: Sequence[Step]) -> bytes:
        """Return everything but the steps, which `from_bytes` wants again."""
        numbers = {step.index: number for number, step in enumerate(steps)}
        plain = {
            name: [_to_plain(ran, numbers[ran.step.index]) for ran in runs]
            for name, runs in zip(_PARTS, (self.done, self.again, self.verified), strict=True)
        }
        return pack(plain)

    @classmethod
    def from_bytes(cls, packed: bytes, steps: Sequence[Step]) -> Performance:
        """Rebuild it. Raises ValueError when the bytes are damaged or belong to other steps."""
        try:
            plain = unpack(packed, _LARGEST)
            runs = [[_from_plain(p, steps[p["number"]]) for p in plain[name]] for name in _PARTS]
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise ValueError(f"This is no kept run: {error!r}.") from error
        return cls(*runs)


def _depends_on_the_hour(ran: Ran) -> bool:
    return ran.ending in _TOO_LONG or (ran.ending == "crashed" and "SIGKILL" in ran.said)


def _to_plain(ran: Ran, number: int) -> dict[str, Any]:
    return {
        "number": number,
        "ending": ran.ending,
        "outputs": _blob(json.dumps(ran.outputs).encode()),
        "observations": [_blob(pack(seen.to_plain())) for seen in ran.observations],
        "error": list(ran.error),
        "missing": list(ran.missing),
        "said": ran.said,
        "seconds": ran.seconds,
    }


def _from_plain(plain: dict[str, Any], step: Step) -> Ran:
    return Ran(
        step=step,
        ending=plain["ending"],
        outputs=json.loads(plain["outputs"].tobytes()),
        observations=[Observation.from_plain(unpack(seen.tobytes())) for seen in plain["observations"]],
        error=tuple(plain["error"]),
        missing=tuple(plain["missing"]),
        said=plain["said"],
        seconds=plain["seconds"],
    )


def _blob(content: bytes) -> np.ndarray:
    """As an array: text has its limits on the wire, and each observation keeps the limits it came under."""
    return np.frombuffer(content, np.uint8)
