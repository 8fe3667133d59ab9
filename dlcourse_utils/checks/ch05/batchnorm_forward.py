"""05.batchnorm_forward: normalise every feature over the batch (Ioffe and Szegedy 2015), against PyTorch."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("one training batch, forwards and backwards", kwargs=_run(rng, (6, 3), 1, dout=True), weight=2.0)
    yield Case("three training batches, then a test batch", kwargs=_run(rng, (5, 4), 3, test=7), weight=2.0)
    yield Case("a large ε", kwargs=_run(rng, (8, 2), 1, dout=True, test=3) | {"eps": 0.5})
    yield Case("another momentum", kwargs=_run(rng, (4, 3), 2, test=4) | {"momentum": 0.6})
    running = [rng.normal(size=3), rng.uniform(0.5, 4.0, size=3)]
    yield Case("a state from earlier training, one test sample", kwargs=_run(rng, (5, 3), 0, test=1) | {"running": running})
    yield Case("a state from earlier training, one more batch", kwargs=_run(rng, (5, 3), 1, test=2) | {"running": running})
    yield Case("test mode before any training", kwargs=_run(rng, (4, 2), 0, test=5))


def _run(rng: np.random.Generator, shape: tuple[int, int], batches: int, test: int = 0, dout: bool = False) -> dict:
    _, d = shape
    scale, shift = rng.uniform(0.5, 3.0, size=d), rng.uniform(1.0, 4.0, size=d) * rng.choice([-1, 1], size=d)
    run = {
        "batches": [rng.normal(size=shape) * scale + shift for _ in range(batches)],
        "gamma": rng.uniform(0.5, 2.0, size=d),
        "beta": rng.uniform(0.3, 1.0, size=d),
    }
    if test:
        run["test"] = rng.normal(size=(test, d)) * scale + shift
    if dout:
        run["dout"] = rng.normal(size=shape)
    return run


def oracle(batches, gamma, beta, test=None, dout=None, running=None, momentum=0.9, eps=1e-5):
    import torch
    from torch.nn.functional import batch_norm

    mean, var = (torch.tensor(a) for a in running) if running else (torch.zeros(len(gamma)), torch.ones(len(gamma)))
    mean, var = mean.double(), var.double()
    g, b = (torch.tensor(a, requires_grad=True) for a in (gamma, beta))
    expected, x, out = {}, None, None
    for number, batch in enumerate(batches, start=1):
        x = torch.tensor(batch, requires_grad=True)
        out = batch_norm(x, None, None, g, b, training=True, eps=eps)
        # torch's momentum is the share of the new value, and its running variance unbiased: hence by hand
        mean = torch.lerp(torch.mean(x.detach(), dim=0), mean, momentum)
        var = torch.lerp(torch.var(x.detach(), dim=0, correction=0), var, momentum)
        expected[f"out of training batch {number}"] = out.detach().numpy()
        expected[f"running mean after batch {number}"] = mean.numpy()
        expected[f"running variance after batch {number}"] = var.numpy()
    if dout is not None:
        grads = torch.autograd.grad(out, (x, g, b), torch.tensor(dout))
        expected |= {name: a.numpy() for name, a in zip(("dx", "dgamma", "dbeta"), grads, strict=True)}
    if test is not None:
        out = batch_norm(torch.tensor(test), mean, var, g, b, training=False, eps=eps)
        expected["out of the test batch"] = out.detach().numpy()
        if batches or running is not None:
            expected["running mean after the test batch"] = mean.numpy()
    return expected


def _start(state, d):
    state.setdefault("running_mean", np.zeros(d))
    state.setdefault("running_var", np.ones(d))


def _remember(state, mean, var, momentum):
    state["running_mean"] = momentum * state["running_mean"] + (1 - momentum) * mean
    state["running_var"] = momentum * state["running_var"] + (1 - momentum) * var


def _forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
    _start(state, x.shape[1])
    if train:
        mean, var = x.mean(axis=0), x.var(axis=0)
        _remember(state, mean, var, momentum)
    else:
        mean, var = state["running_mean"], state["running_var"]
    std = np.sqrt(var + eps)
    xhat = (x - mean) / std
    return gamma * xhat + beta, (xhat, gamma, std)


def _backward(dout, cache):
    xhat, gamma, std = cache
    d = dout * gamma
    dx = (d - d.mean(axis=0) - xhat * (d * xhat).mean(axis=0)) / std
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)


class pytorch_momentum:
    """Your momentum is PyTorch's: the share of the *new* batch. Here it is the share that stays, momentum · running +
    (1 - momentum) · batch, as in Keras."""

    batchnorm_backward = _backward

    def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
        return _forward(x, gamma, beta, state, train, 1 - momentum, eps)


class pytorch_running_variance:
    """Your running variance is the unbiased one, divided by N - 1, as PyTorch keeps it. Here the biased variance is used
    everywhere, in the state too."""

    batchnorm_backward = _backward

    def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
        before = np.array(state.get("running_var", np.ones(x.shape[1])))
        out, cache = _forward(x, gamma, beta, state, train, momentum, eps)
        if train:
            state["running_var"] = momentum * before + (1 - momentum) * x.var(axis=0, ddof=1)
        return out, cache


class batch_statistics_at_test_time:
    """In test mode you still normalise by the batch at hand. Then one patient's answer depends on who else is in the
    room, and a batch of one gives nothing but β. Use the running mean and variance."""

    batchnorm_backward = _backward

    def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
        _start(state, x.shape[1])
        mean, var = x.mean(axis=0), x.var(axis=0)
        if train:
            _remember(state, mean, var, momentum)
        std = np.sqrt(var + eps)
        return gamma * (x - mean) / std + beta, ((x - mean) / std, gamma, std)


class running_statistics_in_training:
    """In training you normalise by the running statistics. They are for test time; in training the batch's own mean and
    variance are used."""

    batchnorm_backward = _backward

    def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
        _start(state, x.shape[1])
        if train:
            _remember(state, x.mean(axis=0), x.var(axis=0), momentum)
        std = np.sqrt(state["running_var"] + eps)
        xhat = (x - state["running_mean"]) / std
        return gamma * xhat + beta, (xhat, gamma, std)


class learns_at_test_time:
    """Your running statistics change in test mode. Testing must leave no trace: update them only when train is True."""

    batchnorm_backward = _backward

    def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
        result = _forward(x, gamma, beta, state, train, momentum, eps)
        if not train:
            _remember(state, x.mean(axis=0), x.var(axis=0), momentum)
        return result


class unbiased_variance:
    """You divide the variance by N - 1 (ddof=1). Batch norm uses the biased one, divided by N, which is x.var(axis=0)."""

    batchnorm_backward = _backward

    def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
        _start(state, x.shape[1])
        mean, var = state["running_mean"], state["running_var"]
        if train:
            mean, var = x.mean(axis=0), x.var(axis=0, ddof=1)
            _remember(state, mean, var, momentum)
        std = np.sqrt(var + eps)
        return gamma * (x - mean) / std + beta, ((x - mean) / std, gamma, std)


class gradient_ignores_the_mean:
    """Your dx treats the batch's mean as a constant. It contains x: moving one sample moves the mean and with it every
    other sample. The term - d.mean(axis=0) is that path."""

    batchnorm_forward = _forward

    def batchnorm_backward(dout, cache):
        xhat, gamma, std = cache
        d = dout * gamma
        dx = (d - xhat * (d * xhat).mean(axis=0)) / std
        return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)


class gradient_ignores_both:
    """Your dx is dout · γ / σ, as if mean and variance were constants. Both are made of x, so two more paths lead back
    to it."""

    batchnorm_forward = _forward

    def batchnorm_backward(dout, cache):
        xhat, gamma, std = cache
        return dout * gamma / std, (dout * xhat).sum(axis=0), dout.sum(axis=0)


class gradient_ignores_the_variance:
    """Your dx treats the batch's variance as a constant. The term - x̂ · mean(d · x̂) is the path through it."""

    batchnorm_forward = _forward

    def batchnorm_backward(dout, cache):
        xhat, gamma, std = cache
        d = dout * gamma
        return (d - d.mean(axis=0)) / std, (dout * xhat).sum(axis=0), dout.sum(axis=0)


class eps_outside_the_root:
    """You divide by σ + ε. Here ε stands inside the root, √(variance + ε)."""

    batchnorm_backward = _backward

    def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
        _start(state, x.shape[1])
        mean, var = state["running_mean"], state["running_var"]
        if train:
            mean, var = x.mean(axis=0), x.var(axis=0)
            _remember(state, mean, var, momentum)
        std = np.sqrt(var) + eps
        return gamma * (x - mean) / std + beta, ((x - mean) / std, gamma, std)


class state_replaced:
    """You make a new state inside, and the caller's never changes: at test time it still holds zeros and ones. Write
    into the dict that you are given: state["running_mean"] = …."""

    batchnorm_backward = _backward

    def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
        return _forward(x, gamma, beta, dict(state), train, momentum, eps)


class updates_before_testing:
    """In test mode you take the test batch into the running values first and normalise by them afterwards. Testing must
    leave no trace: use the values as they came."""

    batchnorm_backward = _backward

    def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
        if train:
            return _forward(x, gamma, beta, state, True, momentum, eps)
        _start(state, x.shape[1])
        _remember(state, x.mean(axis=0), x.var(axis=0), momentum)
        return _forward(x, gamma, beta, state, False, momentum, eps)


class running_standard_deviation:
    """running_var averages your standard deviations. It is to hold the variance, σ²: the root is taken where it is
    used."""

    batchnorm_backward = _backward

    def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
        before = np.array(state.get("running_var", np.ones(x.shape[1])))
        out, cache = _forward(x, gamma, beta, state, train, momentum, eps)
        if train:
            state["running_var"] = momentum * before + (1 - momentum) * x.std(axis=0)
        return out, cache


class gradients_averaged:
    """dγ and dβ are means over the batch in your code. γ and β act on every row, and the gradients of all rows add up:
    sum over the batch."""

    batchnorm_forward = _forward

    def batchnorm_backward(dout, cache):
        dx, dgamma, dbeta = _backward(dout, cache)
        return dx, dgamma / len(dout), dbeta / len(dout)


class gamma_left_out:
    """Your dx leaves γ out. What reaches x̂ is dout · γ: begin with d = dout · γ."""

    batchnorm_forward = _forward

    def batchnorm_backward(dout, cache):
        xhat, gamma, std = cache
        return _backward(dout, (xhat, np.ones(len(gamma)), std))


class gamma_in_its_own_gradient:
    """Your dγ contains γ. out = γ x̂ + β, so its slope in γ is x̂: sum dout · x̂ over the batch, with dout as it came."""

    batchnorm_forward = _forward

    def batchnorm_backward(dout, cache):
        dx, dgamma, dbeta = _backward(dout, cache)
        return dx, dgamma * cache[1], dbeta


class over_the_features:
    """You normalise each row over its features. That is layer norm; batch norm takes mean and variance of each column,
    over the batch (axis 0)."""

    batchnorm_backward = _backward

    def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
        _start(state, x.shape[1])
        if train:
            _remember(state, x.mean(axis=0), x.var(axis=0), momentum)
        std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
        xhat = (x - x.mean(axis=1, keepdims=True)) / std
        return gamma * xhat + beta, (xhat, gamma, std)


EXERCISE = Exercise(
    id="05.batchnorm_forward",
    title="Batch normalisation, forwards and backwards",
    objects=("batchnorm_forward", "batchnorm_backward"),
    points=3,
    cases=cases,
    oracle=oracle,
    probe="batchnorm",
    mistakes=(
        batch_statistics_at_test_time,
        running_statistics_in_training,
        learns_at_test_time,
        unbiased_variance,
        gradient_ignores_the_mean,
        gradient_ignores_the_variance,
        gradient_ignores_both,
        eps_outside_the_root,
        state_replaced,
        over_the_features,
        updates_before_testing,
        running_standard_deviation,
        gradients_averaged,
        gamma_left_out,
        gamma_in_its_own_gradient,
    ),
    conventions=(pytorch_momentum, pytorch_running_variance),
    hints=(
        "Where do I start? → With train=True and no state at all: mean and variance of each column, x̂, then γ x̂ + β. Add the "
        "running statistics when that works.",
        "The running mean is not there. → state is the caller's dict and starts empty. "
        'state.setdefault("running_mean", np.zeros(D)) puts zeros there once.',
        "What do I need going backwards? → x̂, γ and the root √(variance + ε). Put these three into the cache.",
        "How do I find dx? → Let d = dout · γ, the gradient at x̂. Each x reaches the loss in three ways: directly (d / std), through the "
        "mean (- mean of d / std) and through the variance (- x̂ · mean of d · x̂ / std). Add the three.",
        "Nearly everything:\n```python\nxhat, gamma, std = cache\nd = dout * gamma\n"
        "dx = (d - d.mean(axis=0) - xhat * (d * xhat).mean(axis=0)) / std\ndgamma = ...  # γ was multiplied by xhat, in every row\n"
        "dbeta = ...   # β was added to every row\n```",
    ),
)
