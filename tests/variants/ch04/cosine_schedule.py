"""04.cosine_schedule written in other ways; each must pass."""

import cmath
import math

import numpy as np


def three_parts(step, total, lr_max, lr_min=0.0, warmup=0):
    if step < warmup:
        return lr_max * step / warmup
    if step >= total:
        return lr_min
    return lr_min + (lr_max - lr_min) * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))


def clipped(step, total, lr_max, lr_min=0.0, warmup=0):
    done = np.clip((step - warmup) / (total - warmup), 0, 1)
    down = lr_min + (lr_max - lr_min) * (1 + np.cos(np.pi * done)) / 2
    return np.where(step < warmup, lr_max * step / max(warmup, 1), down)[()]


def squared_cosine_of_the_half_angle(step, total, lr_max, lr_min=0.0, warmup=0):
    if step < warmup:
        return step * (lr_max / warmup)
    angle = min(step - warmup, total - warmup) / (total - warmup) * math.pi / 2
    return lr_max * math.cos(angle) ** 2 + lr_min * math.sin(angle) ** 2


def looked_up_in_a_table(step, total, lr_max, lr_min=0.0, warmup=0):
    rise = np.linspace(0, lr_max, warmup + 1)[:-1]
    turn = np.array([cmath.exp(1j * a).real for a in np.linspace(0, math.pi, total - warmup + 1)])
    table = np.concatenate([rise, lr_min + (lr_max - lr_min) * (1 + turn) / 2])
    return table[step] if step < len(table) else table[-1]


VARIANTS = (three_parts, clipped, squared_cosine_of_the_half_angle, looked_up_in_a_table)
