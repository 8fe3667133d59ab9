"""04.descend written in other ways; each must pass."""

from itertools import accumulate

import numpy as np


def list_of_places(f_grad, x0, optimizer, steps):
    params, state = {"x": np.array(x0, dtype=float)}, {}
    path = [params["x"]]
    for _ in range(steps):
        params, state = optimizer(params, {"x": f_grad(params["x"])}, state)
        path.append(params["x"])
    return np.array(path)


def array_filled_row_by_row(f_grad, x0, optimizer, steps):
    path = np.zeros((steps + 1, np.size(x0)))
    path[0], state = x0, {}
    for i in range(steps):
        moved, state = optimizer({"p": path[i].copy()}, {"p": f_grad(path[i].copy())}, state)
        path[i + 1] = moved["p"]
    return path


def accumulated(f_grad, x0, optimizer, steps):
    def go(here, _):
        (params, state) = here
        return optimizer(params, {"w": f_grad(params["w"])}, state)

    places = accumulate(range(steps), go, initial=({"w": np.asarray(x0, dtype=np.float64)}, {}))
    return np.stack([params["w"] for params, _ in places])


def step_by_step(f_grad, x0, optimizer, steps):
    x, state, rows = x0 * 1.0, {}, [x0 * 1.0]
    while len(rows) <= steps:
        result, state = optimizer({0: x}, {0: f_grad(x)}, state)
        x = result[0]
        rows = [*rows, x]
    return np.vstack(rows)


VARIANTS = (list_of_places, array_filled_row_by_row, accumulated, step_by_step)
