"""07.conv_output_size written in other ways; each must pass."""

import math

import numpy as np


def counted(n, kernel, stride=1, pad=0, dilation=1):
    return len(range(0, n + 2 * pad - dilation * (kernel - 1), stride))


def as_in_torchs_documentation(n, kernel, stride=1, pad=0, dilation=1):
    return math.floor((n + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1)


def with_numpy(n, kernel, stride=1, pad=0, dilation=1):
    return np.floor_divide(np.int64(n + 2 * pad - dilation * (kernel - 1) - 1 + stride), stride)


VARIANTS = (counted, as_in_torchs_documentation, with_numpy)
