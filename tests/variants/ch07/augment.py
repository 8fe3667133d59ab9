"""07.augment written in other ways; each must pass."""

import numpy as np


def flip_first_then_shift(x, rng, max_shift=2, p_flip=0.5):
    out = np.zeros_like(x)
    h, w = x.shape[2:]
    for i, image in enumerate(x):
        if rng.uniform() < p_flip:
            image = np.flip(image, axis=-1)
        down = int(rng.integers(-max_shift, max_shift, endpoint=True))
        right = int(rng.integers(-max_shift, max_shift, endpoint=True))
        out[i, :, max(down, 0) : h + min(down, 0), max(right, 0) : w + min(right, 0)] = image[
            :, max(-down, 0) : h + min(-down, 0), max(-right, 0) : w + min(-right, 0)
        ]
    return out


def without_a_loop(x, rng, max_shift=2, p_flip=0.5):
    n, _, h, w = x.shape
    m = max_shift
    padded = np.pad(x, ((0, 0), (0, 0), (m, m), (m, m)))
    top, left = rng.integers(0, 2 * m + 1, (2, n, 1, 1))
    rows, columns = top + np.arange(h)[None, :, None], left + np.arange(w)[None, None, :]
    cut = padded[np.arange(n)[:, None, None], :, rows, columns].transpose(0, 3, 1, 2)
    flip = rng.random((n, 1, 1, 1)) < p_flip
    return np.where(flip, cut[..., ::-1], cut)


def rolled_and_wiped(x, rng, max_shift=2, p_flip=0.5):
    images = []
    for image in x:
        dy, dx = rng.choice(np.arange(-max_shift, max_shift + 1), size=2)
        moved = np.roll(image, (dy, dx), axis=(1, 2))
        if dy > 0:
            moved[:, :dy] = 0
        if dy < 0:
            moved[:, dy:] = 0
        if dx > 0:
            moved[:, :, :dx] = 0
        if dx < 0:
            moved[:, :, dx:] = 0
        images.append(moved[:, :, ::-1] if rng.binomial(1, p_flip) else moved)
    return np.array(images)


VARIANTS = (flip_first_then_shift, without_a_loop, rolled_and_wiped)
