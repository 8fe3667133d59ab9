"""09.sinusoidal_positions written in other ways; each must pass."""

import math

import torch


def with_exp_and_log(t, d):
    pe = torch.zeros(t, d)
    position = torch.arange(0, t, dtype=torch.float).unsqueeze(1)
    div_term = torch.exp(torch.arange(0, d, 2).float() * (-math.log(10000.0) / d))
    pe[:, 0::2] = torch.sin(position * div_term)
    pe[:, 1::2] = torch.cos(position * div_term)
    return pe


def number_by_number(t, d):
    rows = []
    for p in range(t):
        row = []
        for i in range(d // 2):
            angle = p / 10000 ** (2 * i / d)
            row += [math.sin(angle), math.cos(angle)]
        rows.append(row)
    return torch.tensor(rows, dtype=torch.float64)


def a_shifted_sine(t, d):
    columns = torch.arange(d)
    speeds = 10000.0 ** (-(columns // 2 * 2).double() / d)
    return torch.sin(torch.arange(t)[:, None] * speeds + (columns % 2) * math.pi / 2)


VARIANTS = (with_exp_and_log, number_by_number, a_shifted_sine)
