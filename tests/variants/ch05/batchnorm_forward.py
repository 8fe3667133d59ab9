"""05.batchnorm_forward written in other ways; each must pass."""

import numpy as np


class closed_form:
    def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
        state.setdefault("running_mean", np.zeros(x.shape[1]))
        state.setdefault("running_var", np.ones(x.shape[1]))
        if train:
            mean, var = x.mean(axis=0), x.var(axis=0)
            state["running_mean"] = momentum * state["running_mean"] + (1 - momentum) * mean
            state["running_var"] = momentum * state["running_var"] + (1 - momentum) * var
        else:
            mean, var = state["running_mean"], state["running_var"]
        std = np.sqrt(var + eps)
        xhat = (x - mean) / std
        return gamma * xhat + beta, (xhat, gamma, std)

    def batchnorm_backward(dout, cache):
        xhat, gamma, std = cache
        d = dout * gamma
        dx = (d - d.mean(axis=0) - xhat * (d * xhat).mean(axis=0)) / std
        return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)


class node_by_node:
    """Every step of the computation graph, as CS231n walks it."""

    def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
        n, d = x.shape
        running_mean = state.get("running_mean", np.zeros(d))
        running_var = state.get("running_var", np.ones(d))
        if not train:
            return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta, None
        mu = x.sum(axis=0) / n
        xmu = x - mu
        var = (xmu**2).sum(axis=0) / n
        ivar = 1.0 / np.sqrt(var + eps)
        state.update(
            running_mean=momentum * running_mean + (1 - momentum) * mu,
            running_var=momentum * running_var + (1 - momentum) * var,
        )
        return xmu * ivar * gamma + beta, dict(xmu=xmu, ivar=ivar, gamma=gamma)

    def batchnorm_backward(dout, cache):
        xmu, ivar, gamma = cache["xmu"], cache["ivar"], cache["gamma"]
        n = len(dout)
        dbeta = dout.sum(axis=0)
        dgamma = (dout * xmu * ivar).sum(axis=0)
        dxhat = dout * gamma
        divar = (dxhat * xmu).sum(axis=0)
        dvar = -0.5 * ivar**3 * divar
        dxmu = dxhat * ivar + 2 * xmu * dvar / n
        return dxmu - dxmu.sum(axis=0) / n, dgamma, dbeta


class arrays_of_the_state_in_place:
    def batchnorm_forward(x, gamma, beta, state, train, momentum=0.9, eps=1e-5):
        if "running_mean" not in state:
            state["running_mean"], state["running_var"] = np.zeros(gamma.shape), np.ones(gamma.shape)
        mean, var = state["running_mean"].copy(), state["running_var"].copy()
        if train:
            mean, var = np.mean(x, 0), np.var(x, 0)
            for key, new in (("running_mean", mean), ("running_var", var)):
                state[key] *= momentum
                state[key] += (1 - momentum) * new
        return (x - mean) * (gamma / np.sqrt(var + eps)) + beta, (x, mean, var + eps, gamma)

    def batchnorm_backward(dout, cache):
        x, mean, v, gamma = cache
        n, c = len(x), x - mean
        dx = gamma / np.sqrt(v) / n * (n * dout - dout.sum(0) - c / v * (dout * c).sum(0))
        return [dx, (dout * c / np.sqrt(v)).sum(0), dout.sum(0)]


class by_the_jacobian:
    """dx_i = Σ_j (∂out_j/∂x_i) dout_j with the full N×N Jacobian of each feature."""

    batchnorm_forward = closed_form.batchnorm_forward

    def batchnorm_backward(dout, cache):
        xhat, gamma, std = cache
        n, d = dout.shape
        dx = np.zeros((n, d))
        for k in range(d):
            jacobian = (np.eye(n) - 1 / n - np.outer(xhat[:, k], xhat[:, k]) / n) * gamma[k] / std[k]
            dx[:, k] = jacobian @ dout[:, k]
        return dx, np.einsum("nd,nd->d", dout, xhat), np.ones(n) @ dout


VARIANTS = (closed_form, node_by_node, arrays_of_the_state_in_place, by_the_jacobian)
