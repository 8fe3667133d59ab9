"""05.layernorm_forward: normalise every sample over its features (Ba, Kiros and Hinton 2016), against PyTorch."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise


def cases(rng: np.random.Generator) -> Iterator[Case]:
    yield Case("a batch, x (5, 4)", kwargs=_run(rng, 5, 4), weight=2.0)
    yield Case("more features than samples, x (3, 7)", kwargs=_run(rng, 3, 7))
    yield Case("a single sample, x (1, 6)", kwargs=_run(rng, 1, 6))
    yield Case("a large ε", kwargs=_run(rng, 4, 3) | {"eps": 0.5})


def _run(rng: np.random.Generator, n: int, d: int) -> dict:
    return {
        "x": rng.normal(size=(n, d)) * rng.uniform(0.5, 3.0, size=(n, 1)) + rng.uniform(1.0, 4.0, size=(n, 1)),
        "gamma": rng.uniform(0.5, 2.0, size=d),
        "beta": rng.uniform(0.3, 1.0, size=d),
        "dout": rng.normal(size=(n, d)),
    }


def oracle(x, gamma, beta, dout, eps=1e-5):
    import torch

    leaves = [torch.tensor(a, requires_grad=True) for a in (x, gamma, beta)]
    out = torch.nn.functional.layer_norm(leaves[0], (x.shape[1],), leaves[1], leaves[2], eps=eps)
    grads = torch.autograd.grad(out, leaves, torch.tensor(dout))
    return {"out": out.detach().numpy()} | {
        name: g.numpy() for name, g in zip(("dx", "dgamma", "dbeta"), grads, strict=True)
    }


def _forward(x, gamma, beta, eps=1e-5):
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    xhat = (x - x.mean(axis=1, keepdims=True)) / std
    return gamma * xhat + beta, (xhat, gamma, std)


def _dx(d, xhat, std):
    return (d - d.mean(axis=1, keepdims=True) - xhat * (d * xhat).mean(axis=1, keepdims=True)) / std


def _backward(dout, cache):
    xhat, gamma, std = cache
    return _dx(dout * gamma, xhat, std), (dout * xhat).sum(axis=0), dout.sum(axis=0)


class over_the_batch:
    """You normalise each column over the batch: that is batch norm. Layer norm takes mean and variance of each row, over
    its features (axis 1), so a sample never sees its neighbours."""

    def layernorm_forward(x, gamma, beta, eps=1e-5):
        std = np.sqrt(x.var(axis=0) + eps)
        xhat = (x - x.mean(axis=0)) / std
        return gamma * xhat + beta, (xhat, gamma, std)

    def layernorm_backward(dout, cache):
        xhat, gamma, std = cache
        d = dout * gamma
        dx = (d - d.mean(axis=0) - xhat * (d * xhat).mean(axis=0)) / std
        return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)


class over_the_whole_array:
    """You use one mean and one variance for the whole array. Each row has its own: axis=1, keepdims=True."""

    layernorm_backward = _backward

    def layernorm_forward(x, gamma, beta, eps=1e-5):
        std = np.sqrt(x.var() + eps)
        xhat = (x - x.mean()) / std
        return gamma * xhat + beta, (xhat, gamma, std)


class unbiased_variance:
    """You divide the variance by D - 1 (ddof=1). Layer norm uses the biased one, divided by D."""

    layernorm_backward = _backward

    def layernorm_forward(x, gamma, beta, eps=1e-5):
        std = np.sqrt(x.var(axis=1, ddof=1, keepdims=True) + eps)
        xhat = (x - x.mean(axis=1, keepdims=True)) / std
        return gamma * xhat + beta, (xhat, gamma, std)


class eps_outside_the_root:
    """You divide by σ + ε. Here ε stands inside the root, √(variance + ε)."""

    layernorm_backward = _backward

    def layernorm_forward(x, gamma, beta, eps=1e-5):
        std = x.std(axis=1, keepdims=True) + eps
        xhat = (x - x.mean(axis=1, keepdims=True)) / std
        return gamma * xhat + beta, (xhat, gamma, std)


class gradient_averaged_over_the_batch:
    """The forward pass is right, but going back you average over the batch (axis 0). Each row was normalised by itself, so
    the two means run over its features: axis=1, keepdims=True."""

    layernorm_forward = _forward

    def layernorm_backward(dout, cache):
        xhat, gamma, std = cache
        d = dout * gamma
        dx = (d - d.mean(axis=0) - xhat * (d * xhat).mean(axis=0)) / std
        return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)


class gamma_after_the_means:
    """You multiply by γ at the end of dx. γ differs from feature to feature, so it must go in before the means over the
    features are taken: d = dout · γ first."""

    layernorm_forward = _forward

    def layernorm_backward(dout, cache):
        xhat, gamma, std = cache
        return gamma * _dx(dout, xhat, std), (dout * xhat).sum(axis=0), dout.sum(axis=0)


class gradient_ignores_both:
    """Your dx is dout · γ / σ, as if mean and variance were constants. Both are made of the row's own x, so two more paths
    lead back to it."""

    layernorm_forward = _forward

    def layernorm_backward(dout, cache):
        xhat, gamma, std = cache
        return dout * gamma / std, (dout * xhat).sum(axis=0), dout.sum(axis=0)


class dgamma_summed_over_features:
    """You sum dγ and dβ over the features. γ and β hold one number per feature, shared by all samples: sum over the batch
    (axis 0)."""

    layernorm_forward = _forward

    def layernorm_backward(dout, cache):
        xhat, gamma, std = cache
        return _dx(dout * gamma, xhat, std), (dout * xhat).sum(axis=1), dout.sum(axis=1)


EXERCISE = Exercise(
    id="05.layernorm_forward",
    title="Layer normalisation, forwards and backwards",
    objects=("layernorm_forward", "layernorm_backward"),
    points=2,
    cases=cases,
    oracle=oracle,
    probe="layernorm",
    mistakes=(
        over_the_batch,
        over_the_whole_array,
        unbiased_variance,
        eps_outside_the_root,
        gradient_averaged_over_the_batch,
        gamma_after_the_means,
        gradient_ignores_both,
        dgamma_summed_over_features,
    ),
    hints=(
        "Do I start again from nothing? → No. It is batch norm turned by a quarter: axis 1 in place of axis 0, and no state.",
        "Operands could not be broadcast. → A mean along axis 1 has shape (N,). keepdims=True makes it (N, 1).",
        "Do dγ and dβ turn too? → No. γ and β still belong to the features and are shared by all samples: sum over axis 0.",
        "```python\nd = dout * gamma\ndx = (d - d.mean(axis=1, keepdims=True)\n"
        "      - xhat * (d * xhat).mean(axis=1, keepdims=True)) / std\n```",
    ),
)
