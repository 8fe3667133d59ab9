"""Ways to get backpropagation through time wrong, most of them with every shape right."""

import numpy as np


def _forward(x, h0, Wx, Wh, b):
    h, states = h0, []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
        states.append(h)
    states = np.stack(states, axis=1)
    before = np.concatenate([h0[:, None], states[:, :-1]], axis=1)
    return states, (x, before, states, Wx, Wh)


def _zeros(x, before, Wx, Wh):
    return np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(Wh.shape[0])


def _walk(dh, cache, carry=1.0, own=None, times=None, slope=None, wh_back=None, shifted=False):
    """Backpropagation through time with one screw loose, if asked for."""
    x, before, states, Wx, Wh = cache
    dx, dWx, dWh, db = _zeros(x, before, Wx, Wh)
    dnext = np.zeros_like(before[:, 0])
    steps = x.shape[1]
    for t in reversed(range(steps)) if times is None else times(steps):
        own_part = dh[:, t] if own is None else own(dh, t)
        total = own_part + carry * dnext
        da = total * (1 - states[:, t] ** 2 if slope is None else slope(x, before, states, Wx, Wh, t))
        dx[:, t] = da @ Wx.T
        dWx += x[:, t].T @ da
        dWh += (states if shifted else before)[:, t].T @ da
        db += da.sum(axis=0)
        dnext = da @ (Wh.T if wh_back is None else wh_back(Wh))
    return dx, dnext, dWx, dWh, db


def _first_da(dh, cache):
    """The gradient at the sum inside the first step's tanh."""
    states, Wh = cache[2], cache[4]
    da = np.zeros_like(dh[:, 0])
    for t in reversed(range(dh.shape[1])):
        da = (dh[:, t] + da @ Wh.T) * (1 - states[:, t] ** 2)
    return da


class truncates_the_gradient:
    """Your gradient stops at every step. h at step t is also an input of step t + 1, so it is owed a second share: what comes back through Wh from there. Carry da @ Wh.T from each step to the one before and add it to dh[:, t]."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        return _walk(dh, cache, carry=0.0)


class only_one_step_back:
    """Your gradient goes back a single step and then stops: you add the neighbour's *own* share, not all that had gathered there. What is carried must be made from the whole da of the later step."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        x, before, states, Wx, Wh = cache
        dx, dWx, dWh, db = _zeros(x, before, Wx, Wh)
        dnext = np.zeros_like(before[:, 0])
        for t in reversed(range(x.shape[1])):
            slope = 1 - states[:, t] ** 2
            da = (dh[:, t] + dnext) * slope
            dx[:, t] = da @ Wx.T
            dWx += x[:, t].T @ da
            dWh += before[:, t].T @ da
            db += da.sum(axis=0)
            dnext = (dh[:, t] * slope) @ Wh.T
        return dx, dnext, dWx, dWh, db


class forward_in_time:
    """Your backward pass walks from the first step to the last. The gradient comes from the end: walk through the steps in reverse."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        return _walk(dh, cache, times=range)


class reads_the_sequence_backwards:
    """You read the sequence from its end: the first state should come from x[:, 0]. Only the *backward* pass walks in reverse."""

    def rnn_forward(x, h0, Wx, Wh, b):
        states, cache = _forward(x[:, ::-1], h0, Wx, Wh, b)
        return states[:, ::-1], cache

    def rnn_backward(dh, cache):
        dx, *rest = _walk(dh[:, ::-1], cache)
        return (dx[:, ::-1], *rest)


class overwrites_the_weight_gradients:
    """You overwrite dWx, dWh and db at each step, so only the first step's share is left. The same weights were used T times: their gradient is the *sum* over the steps (+=)."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        x, before, states, Wx, Wh = cache
        dx, dWx, dWh, db = _zeros(x, before, Wx, Wh)
        dnext = np.zeros_like(before[:, 0])
        for t in reversed(range(x.shape[1])):
            da = (dh[:, t] + dnext) * (1 - states[:, t] ** 2)
            dx[:, t] = da @ Wx.T
            dWx, dWh, db = x[:, t].T @ da, before[:, t].T @ da, da.sum(axis=0)
            dnext = da @ Wh.T
        return dx, dnext, dWx, dWh, db


class overwrites_only_dwx:
    """You overwrite dWx at each step, while dWh and db add up as they should. dWx is a sum over the steps too: +=."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        dx, dh0, _, dWh, db = _walk(dh, cache)
        return dx, dh0, cache[0][:, 0].T @ _first_da(dh, cache), dWh, db


class averages_over_time:
    """You divide the weights' gradients by T. Each step's share counts in full: sum, do not average."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        dx, dh0, dWx, dWh, db = _walk(dh, cache)
        steps = dh.shape[1]
        return dx, dh0, dWx / steps, dWh / steps, db / steps


def _of_the_output_again(x, before, states, Wx, Wh, t):
    return 1 - np.tanh(states[:, t]) ** 2


class tanh_of_the_output_again:
    """You take the slope of tanh as 1 − tanh(h)², but h *is* the tanh already. From the output it is 1 − h²."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        return _walk(dh, cache, slope=_of_the_output_again)


def _of_the_input(x, before, states, Wx, Wh, t):
    return 1 - np.arctanh(np.clip(states[:, t], -1 + 1e-15, 1 - 1e-15)) ** 2


class slope_from_the_input:
    """You compute 1 − a² from the sum a that went *into* the tanh. That formula is for what came out: 1 − h², or 1 − tanh(a)²."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        return _walk(dh, cache, slope=_of_the_input)


def _no_slope(x, before, states, Wx, Wh, t):
    return np.ones_like(states[:, t])


class tanh_passed_over:
    """Your gradient walks past the tanh as if it were not there. Multiply by its slope, 1 − h², at every step."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        return _walk(dh, cache, slope=_no_slope)


class state_after_in_place_of_before:
    """Your dWh uses the state *after* the step. Wh was multiplied by the state before it: h at t − 1, and h0 at the first step."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        return _walk(dh, cache, shifted=True)


class wh_not_transposed:
    """You carry the gradient back with da @ Wh. On the way forward it was h @ Wh, so on the way back it is da @ Wh.T. Wh is square, so the shapes do not tell."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        return _walk(dh, cache, wh_back=np.asarray)


def _last_only(dh, t):
    return dh[:, t] if t == dh.shape[1] - 1 else np.zeros_like(dh[:, t])


class only_the_last_upstream:
    """You use dh of the last step only. A loss may look at every state, so each step adds its own dh[:, t] to what comes back from later."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        return _walk(dh, cache, own=_last_only)


class h0_left_out_of_dwh:
    """Your dWh leaves out the first step. There the state before was h0, which need not be zero."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        x, before, states, Wx, Wh = cache
        return _walk(dh, (x, np.concatenate([0 * before[:, :1], before[:, 1:]], axis=1), states, Wx, Wh))


class dh0_left_at_zero:
    """Your dh0 is all zeros. It is what the first step carries back: the last da @ Wh.T of your loop."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        dx, dh0, *rest = _walk(dh, cache)
        return (dx, np.zeros_like(dh0), *rest)


class dh0_without_wh:
    """Your dh0 is the da of the first step. One factor is missing: h0 went through Wh, so its gradient is da @ Wh.T."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        dx, _, *rest = _walk(dh, cache)
        return (dx, _first_da(dh, cache), *rest)


class each_step_from_h0:
    """Every one of your steps starts from h0, so nothing is remembered. Each state is the input of the next step."""

    def rnn_forward(x, h0, Wx, Wh, b):
        states = np.tanh(x @ Wx + (h0 @ Wh)[:, None] + b)
        return states, (x, np.repeat(h0[:, None], x.shape[1], axis=1), states, Wx, Wh)

    def rnn_backward(dh, cache):
        return _walk(dh, cache)


class starts_from_zeros:
    """You start from zeros and never look at h0. The first step's old state is the h0 that was handed in."""

    def rnn_forward(x, h0, Wx, Wh, b):
        return _forward(x, np.zeros_like(h0), Wx, Wh, b)

    def rnn_backward(dh, cache):
        return _walk(dh, cache)


class adds_into_dh:
    """You add the carried gradient into dh itself (dh[:, t] += …), which writes into the caller's array. Make a new sum: dh[:, t] + carried."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        _, _, states, _, Wh = cache
        result = _walk(dh, cache)
        for t in reversed(range(1, dh.shape[1])):
            dh[:, t - 1] += (dh[:, t] * (1 - states[:, t] ** 2)) @ Wh.T
        return result


class carried_piles_up:
    """What you carry back piles up: carried += …. The later step's share is used up once it is inside da; carried = da @ Wh.T, made anew at each step."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        x, before, states, Wx, Wh = cache
        dx, dWx, dWh, db = _zeros(x, before, Wx, Wh)
        carried = np.zeros_like(before[:, 0])
        for t in reversed(range(x.shape[1])):
            da = (dh[:, t] + carried) * (1 - states[:, t] ** 2)
            dx[:, t] = da @ Wx.T
            dWx += x[:, t].T @ da
            dWh += before[:, t].T @ da
            db += da.sum(axis=0)
            carried = carried + da @ Wh.T
        return dx, carried, dWx, dWh, db


class last_state_before_the_first:
    """At the first step your dWh meets the *last* state: states[:, t − 1] with t = 0 is states[:, −1]. Before the first step stands h0."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        x, before, states, Wx, Wh = cache
        wrong = np.concatenate([states[:, -1:], before[:, 1:]], axis=1)
        return _walk(dh, (x, wrong, states, Wx, Wh))


class slope_on_the_own_share_only:
    """You multiply only dh[:, t] by the tanh's slope, and what is carried passes the tanh by. Both shares arrive behind the tanh: (dh[:, t] + carried) · (1 − h²)."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        x, before, states, Wx, Wh = cache
        dx, dWx, dWh, db = _zeros(x, before, Wx, Wh)
        carried = np.zeros_like(before[:, 0])
        for t in reversed(range(x.shape[1])):
            da = dh[:, t] * (1 - states[:, t] ** 2) + carried
            dx[:, t] = da @ Wx.T
            dWx += x[:, t].T @ da
            dWh += before[:, t].T @ da
            db += da.sum(axis=0)
            carried = da @ Wh.T
        return dx, carried, dWx, dWh, db


class overwrites_only_db:
    """You overwrite db at each step, while dWx and dWh add up as they should. db is a sum over the steps too: +=."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        dx, dh0, dWx, dWh, _ = _walk(dh, cache)
        return dx, dh0, dWx, dWh, _first_da(dh, cache).sum(axis=0)


class db_averaged_over_the_batch:
    """Your db is a mean over the batch. If the loss is a mean, its 1/N is already inside dh: sum over the sequences."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        dx, dh0, dWx, dWh, db = _walk(dh, cache)
        return dx, dh0, dWx, dWh, db / len(dh)


class slope_without_the_square:
    """Your tanh's slope is 1 − h. It is 1 − h², with the square."""

    rnn_forward = _forward

    def rnn_backward(dh, cache):
        return _walk(dh, cache, slope=lambda x, before, states, Wx, Wh, t: 1 - states[:, t])


MISTAKES = (
    truncates_the_gradient,
    only_one_step_back,
    forward_in_time,
    reads_the_sequence_backwards,
    overwrites_the_weight_gradients,
    overwrites_only_dwx,
    averages_over_time,
    tanh_of_the_output_again,
    slope_from_the_input,
    tanh_passed_over,
    state_after_in_place_of_before,
    wh_not_transposed,
    only_the_last_upstream,
    h0_left_out_of_dwh,
    dh0_left_at_zero,
    dh0_without_wh,
    each_step_from_h0,
    starts_from_zeros,
    adds_into_dh,
    carried_piles_up,
    last_state_before_the_first,
    slope_on_the_own_share_only,
    overwrites_only_db,
    db_averaged_over_the_batch,
    slope_without_the_square,
)
