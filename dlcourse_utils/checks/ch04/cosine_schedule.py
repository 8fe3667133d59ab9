"""04.cosine_schedule: up in a line, down in half a cosine (Loshchilov and Hutter 2017; Goyal et al. 2017)."""

from collections.abc import Iterator
from math import cos, pi

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    high, low = float(rng.uniform(0.2, 2.0)), float(rng.uniform(0.01, 0.1))
    total, warmup = int(rng.integers(40, 60)), int(rng.integers(5, 12))
    whole = list(range(total + 1))
    yield Case("the whole way down, no warm-up", args=(whole,), kwargs={"total": total, "lr_max": high})
    yield Case(
        "down to lr_min", args=(whole,), kwargs={"total": total, "lr_max": high, "lr_min": low}
    )
    yield Case(
        "with a warm-up",
        args=(whole,),
        kwargs={"total": total, "lr_max": high, "lr_min": low, "warmup": warmup},
        weight=2.0,
    )
    ends = [0, warmup, total]
    yield Case("start, top and end", args=(ends,), kwargs={"total": total, "lr_max": high, "warmup": warmup})
    yield Case(
        "past the end",
        args=([total + 1, total + 7, 2 * total, 3 * total],),
        kwargs={"total": total, "lr_max": high, "lr_min": low, "warmup": warmup},
    )
    yield Case("a warm-up of one step", args=([0, 1, 2, 9, 10],), kwargs={"total": 10, "lr_max": high, "warmup": 1})


def oracle(steps, total, lr_max, lr_min=0.0, warmup=0):
    """Interpolation for the line; torch's recursive CosineAnnealingLR for the descent."""
    import torch

    method = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr_max)
    descent = torch.optim.lr_scheduler.CosineAnnealingLR(method, T_max=total - warmup, eta_min=lr_min)
    rates = [lr_max]
    for _ in range(total - warmup):
        method.step()
        descent.step()
        rates.append(descent.get_last_lr()[0])
    rise = list(np.interp(range(warmup), [0, warmup], [0.0, lr_max])) if warmup else []
    curve = rise + rates
    return np.array([curve[min(step, total)] for step in steps])


def ends_one_step_early(step, total, lr_max, lr_min=0.0, warmup=0):
    """You reach lr_min one step too early, at total - 1. At step == warmup the rate is lr_max and at step == total it
    is lr_min, so the way between them is total - warmup steps long."""
    if step < warmup:
        return lr_max * step / warmup
    done = min(1.0, (step - warmup) / (total - 1 - warmup))
    return lr_min + (lr_max - lr_min) * (1 + cos(pi * done)) / 2


def warm_up_one_step_ahead(step, total, lr_max, lr_min=0.0, warmup=0):
    """Your warm-up is one step ahead, (step + 1) / warmup, so it starts above 0 and stays at the top twice. Many
    scripts do that so that the first step is not wasted; here step 0 has rate 0 and step == warmup has lr_max."""
    if step < warmup:
        return lr_max * (step + 1) / warmup
    done = min(1.0, (step - warmup) / (total - warmup))
    return lr_min + (lr_max - lr_min) * (1 + cos(pi * done)) / 2


def warm_up_from_lr_min(step, total, lr_max, lr_min=0.0, warmup=0):
    """Your warm-up rises from lr_min. Some libraries do that; here it rises from 0, and lr_min is only the floor of
    the way down."""
    if step < warmup:
        return lr_min + (lr_max - lr_min) * step / warmup
    done = min(1.0, (step - warmup) / (total - warmup))
    return lr_min + (lr_max - lr_min) * (1 + cos(pi * done)) / 2


def jumps_after_the_warm_up(step, total, lr_max, lr_min=0.0, warmup=0):
    """Your rate jumps down after the warm-up: the cosine is counted from step 0, so it is under way already when the
    warm-up ends. Count it from there: (step - warmup) / (total - warmup)."""
    if step < warmup:
        return lr_max * step / warmup
    done = min(1.0, step / total)
    return lr_min + (lr_max - lr_min) * (1 + cos(pi * done)) / 2


def warm_up_comes_on_top(step, total, lr_max, lr_min=0.0, warmup=0):
    """Your way down still takes `total` steps after the warm-up. total counts all steps, the warm-up's too, so
    total - warmup are left."""
    if step < warmup:
        return lr_max * step / warmup
    done = min(1.0, (step - warmup) / total)
    return lr_min + (lr_max - lr_min) * (1 + cos(pi * done)) / 2


def rises_again(step, total, lr_max, lr_min=0.0, warmup=0):
    """Past the end your cosine comes up again. From step == total on the rate stays at lr_min: cap the share done at
    1."""
    if step < warmup:
        return lr_max * step / warmup
    done = (step - warmup) / (total - warmup)
    return lr_min + (lr_max - lr_min) * (1 + cos(pi * done)) / 2


def a_whole_period(step, total, lr_max, lr_min=0.0, warmup=0):
    """You run through a whole period, cos(2π · done), down and up again. Half a period leads from the top to the
    bottom: cos(π · done)."""
    if step < warmup:
        return lr_max * step / warmup
    done = min(1.0, (step - warmup) / (total - warmup))
    return lr_min + (lr_max - lr_min) * (1 + cos(2 * pi * done)) / 2


def floor_added_on_top(step, total, lr_max, lr_min=0.0, warmup=0):
    """You add lr_min to the whole curve, so it starts at lr_max + lr_min. The cosine runs over the distance between
    the two: lr_min + (lr_max - lr_min) · ½(1 + cos)."""
    if step < warmup:
        return lr_max * step / warmup
    done = min(1.0, (step - warmup) / (total - warmup))
    return lr_min + lr_max * (1 + cos(pi * done)) / 2


def floor_forgotten(step, total, lr_max, lr_min=0.0, warmup=0):
    """Your curve goes down to 0 and lr_min has no effect. The bottom of the cosine is lr_min."""
    if step < warmup:
        return lr_max * step / warmup
    done = min(1.0, (step - warmup) / (total - warmup))
    return lr_max * (1 + cos(pi * done)) / 2


def a_straight_line_down(step, total, lr_max, lr_min=0.0, warmup=0):
    """You come down in a straight line. Half a cosine is asked for: slow at the top, quick in the middle, slow at the
    bottom."""
    if step < warmup:
        return lr_max * step / warmup
    done = min(1.0, (step - warmup) / (total - warmup))
    return lr_max + (lr_min - lr_max) * done


def no_warm_up(step, total, lr_max, lr_min=0.0, warmup=0):
    """You start at lr_max straight away; warmup has no effect. Before step == warmup the rate rises in a line from
    0."""
    done = min(1.0, max(0.0, (step - warmup) / (total - warmup)))
    return lr_min + (lr_max - lr_min) * (1 + cos(pi * done)) / 2


def zero_past_the_end(step, total, lr_max, lr_min=0.0, warmup=0):
    """Past the end your rate falls to 0. From step == total on it stays at lr_min."""
    if step > total:
        return 0.0
    if step < warmup:
        return lr_max * step / warmup
    done = (step - warmup) / (total - warmup)
    return lr_min + (lr_max - lr_min) * (1 + cos(pi * done)) / 2


def floor_only_past_the_end(step, total, lr_max, lr_min=0.0, warmup=0):
    """Your curve comes down to 0 and is put on lr_min at the very end. The cosine itself runs from lr_max to lr_min:
    lr_min + (lr_max - lr_min) · ½(1 + cos)."""
    if step >= total:
        return lr_min
    if step < warmup:
        return lr_max * step / warmup
    return lr_max * (1 + cos(pi * (step - warmup) / (total - warmup))) / 2


def falls_off_at_the_end(step, total, lr_max, lr_min=0.0, warmup=0):
    """Your way down is too slow and falls to lr_min in one jump at the end. After the warm-up only total - warmup steps
    are left: u = (step - warmup) / (total - warmup)."""
    if step >= total:
        return lr_min
    if step < warmup:
        return lr_max * step / warmup
    return lr_min + (lr_max - lr_min) * (1 + cos(pi * (step - warmup) / total)) / 2


EXERCISE = Exercise(
    id="04.cosine_schedule",
    title="A learning rate that comes and goes",
    objects=("cosine_schedule",),
    points=1,
    cases=cases,
    oracle=oracle,
    probe="schedule",
    mistakes=(
        ends_one_step_early,
        jumps_after_the_warm_up,
        warm_up_comes_on_top,
        rises_again,
        a_whole_period,
        floor_added_on_top,
        floor_forgotten,
        a_straight_line_down,
        no_warm_up,
        zero_past_the_end,
        floor_only_past_the_end,
        falls_off_at_the_end,
    ),
    conventions=(warm_up_one_step_ahead, warm_up_from_lr_min),
    hints=(
        "Where do I begin? → With three parts: step < warmup, warmup ≤ step < total, and step ≥ total.",
        "Division by zero. → With warmup = 0 the rising part must never be reached: test `step < warmup` first.",
        "How do I get from lr_max to lr_min? → Let done go from 0 to 1. Then (1 + cos(π · done)) / 2 goes from 1 to 0; "
        "stretch it to the distance lr_max - lr_min and lift it by lr_min.",
        "```python\nif step < warmup:\n    return lr_max * step / warmup\n"
        "done = min(1.0, (step - warmup) / (total - warmup))\n"
        "return lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * done)) / 2\n```",
    ),
)
