"""06.pick_device: the fastest device that is there, or the one wished for, on machines that the check makes up."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch

from ..authoring import Case, Exercise, Observation, Verdict
from .parts import in_order

_HERE = {"cuda": False, "mps": False}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """`here` says what the made-up machine has; the wish is `prefer`."""
    cuda, mps, both = (_HERE | here for here in ({"cuda": True}, {"mps": True}, {"cuda": True, "mps": True}))
    yield Case("no wish, only a CPU", kwargs={"here": _HERE})
    yield Case("no wish, a CUDA GPU", kwargs={"here": cuda})
    yield Case("no wish, an Apple GPU", kwargs={"here": mps})
    yield Case("no wish, both", kwargs={"here": both})
    yield Case("wish for the CPU although there is a GPU", kwargs={"here": cuda, "prefer": "cpu"})
    yield Case("wish for mps, both are there", kwargs={"here": both, "prefer": "mps"})
    yield Case("wish for cuda, which is not there", kwargs={"here": mps, "prefer": "cuda"})
    yield Case("wish for mps, which is not there", kwargs={"here": cuda, "prefer": "mps"})
    yield Case("wish for cuda, only a CPU is there", kwargs={"here": _HERE, "prefer": "cuda"})
    wish = ("gpu", "tpu", "gup")[rng.integers(3)]
    yield Case(f"wish for {wish!r}, which torch does not know", kwargs={"here": cuda, "prefer": wish}, weight=0.5)


def expected(here: dict[str, bool], prefer: str | None = None) -> dict[str, Any]:
    present = [*(kind for kind in ("cuda", "mps") if here[kind]), "cpu"]
    if prefer is None or prefer in present:
        return {"answer": prefer or present[0], "type": "torch.device"}
    return {"answer": "ValueError", "the message leaves out": "nothing", "the message names, though it is not there": "nothing"}


def judge(case: Case, observation: Observation) -> Verdict:
    return in_order(expected(**case.kwargs), observation.value)


def _present():
    found = ["cuda"] if torch.cuda.is_available() else []
    if torch.backends.mps.is_available():
        found.append("mps")
    return [*found, "cpu"]


def _checked(prefer):
    present = _present()
    if prefer is not None and prefer not in present:
        raise ValueError(f"no {prefer} here, only {', '.join(present)}")
    return present


def a_string_is_not_a_device(prefer=None):
    """You return the name as a string. Make it a device: torch.device("cpu"). Then `.type` and `.index` work, and a typing error shows at once."""
    return prefer or _checked(prefer)[0]


def falls_back_in_silence(prefer=None):
    """A wish that cannot be met quietly becomes another device. Whoever asked for a GPU will wonder for an hour why training is slow: raise a ValueError that names what is there."""
    present = _present()
    return torch.device(prefer if prefer in present else present[0])


def mps_is_forgotten(prefer=None):
    """You only look for CUDA. On an Apple computer torch.backends.mps.is_available() is True, and that GPU would stay idle."""
    present = [name for name in _present() if name != "mps"]
    if prefer is not None and prefer not in present:
        raise ValueError(f"no {prefer} here, only {', '.join(present)}")
    return torch.device(prefer or present[0])


def mps_before_cuda(prefer=None):
    """The order is cuda, then mps, then cpu; yours takes mps first."""
    present = _checked(prefer)
    return torch.device(prefer or ("mps" if "mps" in present else present[0]))


def the_wish_is_ignored(prefer=None):
    """You always return the fastest device. `prefer` is a wish: use it when it is there, and raise a ValueError when it is not."""
    return torch.device(_present()[0])


def any_wish_is_believed(prefer=None):
    """You hand every wish to torch.device without looking. torch.device("cuda") works on a machine without CUDA too; the error then comes much later, from a .to(device) somewhere. Look first, and raise a ValueError."""
    if prefer is not None:
        return torch.device(prefer)
    return torch.device(_present()[0])


def the_error_does_not_say_what_is_there(prefer=None):
    """Your ValueError says what is missing, but not what is there. A good error message tells its reader what to do next: name the devices of this machine, the cpu included."""
    present = _present()
    if prefer is not None and prefer not in present:
        raise ValueError(f"{prefer!r} is not available")
    return torch.device(prefer or present[0])


def the_error_names_what_is_not_there(prefer=None):
    """Your message names the same devices on every machine, also one that is not there. Tell the reader what *this* machine has: put the list that you have just made into the message."""
    present = _present()
    if prefer is not None and prefer not in present:
        raise ValueError(f"{prefer!r} is none of cuda, mps, cpu")
    return torch.device(prefer or present[0])


def the_error_is_an_assertion(prefer=None):
    """A wish that cannot be met ends in an AssertionError. assert is for your own slips (and can be switched off); for a caller's wish raise ValueError(...)."""
    present = _present()
    assert prefer is None or prefer in present, f"only {present}"
    return torch.device(prefer or present[0])


def only_the_cpu_is_named(prefer=None):
    """Your message always says that there is only the CPU, even where a GPU is there too. Put the list of what this machine has into it."""
    present = _present()
    if prefer is not None and prefer not in present:
        raise ValueError("not available, only cpu")
    return torch.device(prefer or present[0])


EXERCISE = Exercise(
    id="06.pick_device",
    title="Where to compute",
    objects=("pick_device",),
    points=1,
    cases=cases,
    probe="ch06.pick_device",
    judge=judge,
    mistakes=(
        a_string_is_not_a_device,
        falls_back_in_silence,
        mps_is_forgotten,
        mps_before_cuda,
        the_wish_is_ignored,
        any_wish_is_believed,
        the_error_does_not_say_what_is_there,
        the_error_names_what_is_not_there,
        the_error_is_an_assertion,
        only_the_cpu_is_named,
    ),
    hints=(
        'How do I know what is there? → torch.cuda.is_available() and torch.backends.mps.is_available() answer True or False. "cpu" is always there.',
        "How do I keep the cases apart? → First make the list of what is there, fastest first, with \"cpu\" at its end. "
        "Without a wish the answer is its first entry; with one, look whether the wish is in the list.",
        "What should the error say? → What was wished for and what is there: raise ValueError(f\"no {prefer}; here there is {', '.join(present)}\").",
        "Nearly everything:\n```python\npresent = [\"cpu\"]\nif torch.backends.mps.is_available():\n    present.insert(0, \"mps\")\n"
        "if torch.cuda.is_available():\n    present.insert(0, \"cuda\")\nif prefer is None:\n    return torch.device(present[0])\n"
        "if prefer not in present:\n    raise ValueError(...)\nreturn torch.device(prefer)\n```",
    ),
)
