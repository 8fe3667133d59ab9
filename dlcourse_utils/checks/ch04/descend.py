"""04.descend: follow the gradient and write down every place on the way, against torch.optim on the same bowl."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise, Recipe


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield _case(rng, "plain descent in 2 dimensions", 2, Recipe("bound_step", rule="sgd", lr=0.1), 6)
    yield _case(rng, "momentum in 3 dimensions", 3, Recipe("bound_step", rule="momentum", lr=0.05, beta=0.8), 9, 2.0)
    yield _case(rng, "Adam in 2 dimensions", 2, Recipe("bound_step", rule="adam", lr=0.2), 7)
    yield _case(rng, "one step only", 4, Recipe("bound_step", rule="sgd", lr=0.05), 1)
    yield _case(rng, "no step at all: the start alone", 2, Recipe("bound_step", rule="sgd", lr=0.05), 0)
    whole = _case(rng, "a start made of whole numbers", 2, Recipe("bound_step", rule="rmsprop", lr=0.1), 4)
    yield Case(whole.name, args=(whole.args[0], rng.integers(2, 7, size=2), *whole.args[2:]))


def _case(
    rng: np.random.Generator, name: str, d: int, optimizer: Recipe, steps: int, weight: float = 1.0
) -> Case:
    q, _ = np.linalg.qr(rng.normal(size=(d, d)))
    a = (q * rng.uniform(0.5, 4.0, size=d)) @ q.T
    bowl = Recipe("bowl_gradient", a=(a + a.T) / 2, centre=rng.uniform(-0.5, 0.5, size=d))
    start = rng.uniform(1.5, 3.0, size=d) * rng.choice([-1.0, 1.0], size=d)
    return Case(name, args=(bowl, start, optimizer, steps), weight=weight)


def oracle(f_grad, x0, optimizer, steps):
    import torch

    a, centre = (torch.tensor(f_grad.kwargs[k]) for k in ("a", "centre"))
    x = torch.nn.Parameter(torch.tensor(x0, dtype=torch.float64))
    method = _torch_optimizer(x, **optimizer.kwargs)
    path = [x.detach().numpy().copy()]
    for _ in range(steps):
        method.zero_grad()
        ((x - centre) @ a @ (x - centre) / 2).backward()
        method.step()
        path.append(x.detach().numpy().copy())
    return np.array(path)


def _torch_optimizer(x, rule, lr, beta=0.9):
    import torch

    if rule == "rmsprop":
        return torch.optim.RMSprop([x], lr=lr)
    if rule == "adam":
        return torch.optim.Adam([x], lr=lr)
    return torch.optim.SGD([x], lr=lr, momentum=beta if rule == "momentum" else 0.0)


def omits_the_start(f_grad, x0, optimizer, steps):
    """Your path begins after the first step. The start belongs to it: row 0 is x0, and there are steps + 1 rows."""
    params, state, path = {"x": np.asarray(x0, dtype=float)}, {}, []
    for _ in range(steps):
        params, state = optimizer(params, {"x": f_grad(params["x"])}, state)
        path.append(params["x"])
    return np.array(path).reshape(steps, len(x0))


def one_step_too_few(f_grad, x0, optimizer, steps):
    """You take one step too few. Rows are places and steps lie between them: steps + 1 rows in all."""
    params, state = {"x": np.asarray(x0, dtype=float)}, {}
    path = [params["x"]]
    for _ in range(steps - 1):
        params, state = optimizer(params, {"x": f_grad(params["x"])}, state)
        path.append(params["x"])
    return np.array(path)


def forgets_the_state(f_grad, x0, optimizer, steps):
    """You give the optimizer an empty state at every step, so momentum never builds up. Start with {} once, and hand
    on the state that came back."""
    params = {"x": np.asarray(x0, dtype=float)}
    path = [params["x"]]
    for _ in range(steps):
        params, _ = optimizer(params, {"x": f_grad(params["x"])}, {})
        path.append(params["x"])
    return np.array(path)


def gradient_of_the_start(f_grad, x0, optimizer, steps):
    """You use the gradient at the start for every step. Ask f_grad again at the place where you are now."""
    params, state = {"x": np.asarray(x0, dtype=float)}, {}
    path, g = [params["x"]], f_grad(x0)
    for _ in range(steps):
        params, state = optimizer(params, {"x": g}, state)
        path.append(params["x"])
    return np.array(path)


def stays_where_it_was(f_grad, x0, optimizer, steps):
    """Your parameters never move on: every step starts from x0. Keep what the optimizer gives back as params and step
    from there."""
    start, state = {"x": np.asarray(x0, dtype=float)}, {}
    path = [start["x"]]
    for _ in range(steps):
        params, state = optimizer(start, {"x": f_grad(start["x"])}, state)
        path.append(params["x"])
    return np.array(path)


def path_of_whole_numbers(f_grad, x0, optimizer, steps):
    """Your path takes x0's dtype, and for a start made of whole numbers every place is cut to a whole number. Make the
    path of floats."""
    params, state = {"x": np.asarray(x0, dtype=float)}, {}
    path = np.empty((steps + 1, len(x0)), dtype=x0.dtype)
    path[0] = x0
    for i in range(steps):
        params, state = optimizer(params, {"x": f_grad(params["x"])}, state)
        path[i + 1] = params["x"]
    return path


def only_the_end(f_grad, x0, optimizer, steps):
    """You return the last place only. The whole path is asked for, one row per place."""
    params, state = {"x": np.asarray(x0, dtype=float)}, {}
    for _ in range(steps):
        params, state = optimizer(params, {"x": f_grad(params["x"])}, state)
    return params["x"]


EXERCISE = Exercise(
    id="04.descend",
    title="Write down the path",
    objects=("descend",),
    points=1,
    cases=cases,
    oracle=oracle,
    mistakes=(
        omits_the_start,
        one_step_too_few,
        forgets_the_state,
        gradient_of_the_start,
        stays_where_it_was,
        path_of_whole_numbers,
        only_the_end,
    ),
    hints=(
        "What is optimizer? → A step with its settings bound: optimizer(params, grads, state) gives (params, state). "
        'params is a dict of one array, {"x": …}; any key will do.',
        "How many rows? → A fence with 3 panels has 4 posts: steps + 1. Begin the list with the start.",
        "Momentum does not build up. → `state` must come back into the next call: params, state = optimizer(params, grads, state).",
        "```python\nparams, state = {\"x\": np.array(x0, dtype=float)}, {}\npath = [params[\"x\"]]\nfor _ in range(steps):\n"
        "    grads = {\"x\": f_grad(params[\"x\"])}\n    params, state = optimizer(params, grads, state)\n    path.append(params[\"x\"])\n"
        "return np.array(path)\n```",
    ),
)
