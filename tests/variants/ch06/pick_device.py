"""06.pick_device written in other ways; each must pass."""

import torch


def a_dict_of_what_is_there(prefer=None):
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    usable = [name for name, there in here.items() if there]
    wish = prefer if prefer is not None else usable[0]
    if wish not in usable:
        raise ValueError(f"{wish} is not one of {usable}")
    return torch.device(wish)


def step_by_step(prefer=None):
    if prefer is None:
        if torch.cuda.is_available():
            return torch.device("cuda")
        if torch.backends.mps.is_available():
            return torch.device("mps")
        return torch.device("cpu")
    if prefer == "cpu":
        return torch.device("cpu")
    if prefer == "cuda" and torch.cuda.is_available():
        return torch.device("cuda", 0)
    if prefer == "mps" and torch.backends.mps.is_available():
        return torch.device("mps")
    there = "CPU"
    if torch.cuda.is_available():
        there += ", CUDA"
    if torch.backends.mps.is_available():
        there += ", MPS"
    raise ValueError("not available: " + prefer + ". Available: " + there)


class MyError(ValueError):
    pass


def with_an_error_of_its_own(prefer=None):
    order = [n for n, ok in (("cuda", torch.cuda.device_count() > 0), ("mps", torch.backends.mps.is_available())) if ok]
    order.append("cpu")
    try:
        return torch.device(order[0] if prefer is None else order[order.index(prefer)])
    except ValueError:
        raise MyError(f"{prefer!r}? I only have " + " and ".join(order)) from None


VARIANTS = (a_dict_of_what_is_there, step_by_step, with_an_error_of_its_own)
