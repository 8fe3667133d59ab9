"""08.gru_step: one step of a gated recurrent unit as PyTorch defines it, against torch.nn.GRUCell."""

from collections.abc import Iterator

import numpy as np

from ..authoring import Case, Exercise
from ..exercise import DEEP_LIBRARIES
from .cells import loaded, random_params


def cases(rng: np.random.Generator) -> Iterator[Case]:
    def case(title: str, n: int, d: int, h: int, scale: float = 1.0, weight: float = 1.0) -> Case:
        state = rng.uniform(-0.9, 0.9, size=(n, h))
        return Case(title, (scale * rng.normal(size=(n, d)), state, random_params(rng, 3, d, h)), weight=weight)

    yield case("3 sequences, D = 4, H = 5", 3, 4, 5)
    yield case("a single sequence, D = 2, H = 3", 1, 2, 3)
    yield case("as many inputs as hidden units", 2, 4, 4)
    yield case("large inputs: gates nearly open or shut", 3, 3, 2, scale=4.0, weight=0.5)


def oracle(x, h, params):
    import torch

    cell = loaded(torch.nn.GRUCell(x.shape[1], h.shape[1]), params)
    return cell(torch.tensor(x), torch.tensor(h)).numpy()


def _sigmoid(a):
    return 0.5 * (1 + np.tanh(a / 2))


def _from_input(x, params):
    return np.split(x @ params["weight_ih"].T + params["bias_ih"], 3, axis=1)


def _from_state(h, params):
    return np.split(h @ params["weight_hh"].T + params["bias_hh"], 3, axis=1)


def keeps_with_one_minus_z(x, h, params):
    """Your update gate works the other way round: (1 − z) · h + z · n, as in Chung and others (2014) and in many blog posts. PyTorch keeps the old state with z: (1 − z) · n + z · h."""
    (xr, xz, xn), (hr, hz, hn) = _from_input(x, params), _from_state(h, params)
    r, z = _sigmoid(xr + hr), _sigmoid(xz + hz)
    n = np.tanh(xn + r * hn)
    return (1 - z) * h + z * n


def resets_before_the_product(x, h, params):
    """You reset the state before the matrix product, as in Cho and others (2014): (r · h) @ W. PyTorch multiplies by r afterwards, r · (h @ W + b): then one big product serves all three gates."""
    (xr, xz, xn), (hr, hz, _) = _from_input(x, params), _from_state(h, params)
    r, z = _sigmoid(xr + hr), _sigmoid(xz + hz)
    n = np.tanh(xn + _from_state(r * h, params)[2])
    return (1 - z) * n + z * h


def gates_in_keras_order(x, h, params):
    """You read the gates in the order z, r, n, as Keras stores them. PyTorch's weights hold them as r, z, n."""
    (xz, xr, xn), (hz, hr, hn) = _from_input(x, params), _from_state(h, params)
    r, z = _sigmoid(xr + hr), _sigmoid(xz + hz)
    n = np.tanh(xn + r * hn)
    return (1 - z) * n + z * h


def candidate_without_reset(x, h, params):
    """Your candidate never meets the reset gate, so the cell cannot drop its past when it makes something new. n = tanh(x-part + r · h-part)."""
    (_, xz, xn), (_, hz, hn) = _from_input(x, params), _from_state(h, params)
    z = _sigmoid(xz + hz)
    return (1 - z) * np.tanh(xn + hn) + z * h


def bias_outside_the_reset(x, h, params):
    """Your reset gate multiplies h @ W but not its bias. In PyTorch the bias belongs to the h-part: r · (h @ W + b)."""
    (xr, xz, xn), (hr, hz, hn) = _from_input(x, params), _from_state(h, params)
    r, z = _sigmoid(xr + hr), _sigmoid(xz + hz)
    b = params["bias_hh"][-h.shape[1] :]
    return (1 - z) * np.tanh(xn + r * (hn - b) + b) + z * h


def reset_on_the_input_too(x, h, params):
    """Your reset gate multiplies the input's part as well. Only the past is reset: tanh(x-part + r · h-part)."""
    (xr, xz, xn), (hr, hz, hn) = _from_input(x, params), _from_state(h, params)
    r, z = _sigmoid(xr + hr), _sigmoid(xz + hz)
    return (1 - z) * np.tanh(r * (xn + hn)) + z * h


def one_bias_only(x, h, params):
    """You use one of the two biases. PyTorch keeps two, bias_ih and bias_hh, and both count."""
    return _plain(x, h, {**params, "bias_hh": 0 * params["bias_hh"]})


def _plain(x, h, params):
    (xr, xz, xn), (hr, hz, hn) = _from_input(x, params), _from_state(h, params)
    r, z = _sigmoid(xr + hr), _sigmoid(xz + hz)
    return (1 - z) * np.tanh(xn + r * hn) + z * h


def candidate_with_a_sigmoid(x, h, params):
    """Your candidate goes through a sigmoid, so it can never be negative. Gates are sigmoids, the candidate is content: tanh."""
    (xr, xz, xn), (hr, hz, hn) = _from_input(x, params), _from_state(h, params)
    r, z = _sigmoid(xr + hr), _sigmoid(xz + hz)
    return (1 - z) * _sigmoid(xn + r * hn) + z * h


def candidate_added_in_full(x, h, params):
    """You add the whole candidate to z · h. New and old share one budget: (1 − z) of the candidate and z of the old state."""
    (xr, xz, xn), (hr, hz, hn) = _from_input(x, params), _from_state(h, params)
    r, z = _sigmoid(xr + hr), _sigmoid(xz + hz)
    return np.tanh(xn + r * hn) + z * h


def candidate_first(x, h, params):
    """You read the candidate from the first block. PyTorch's weights hold r, z, n: the candidate comes last."""
    (xn, xr, xz), (hn, hr, hz) = _from_input(x, params), _from_state(h, params)
    r, z = _sigmoid(xr + hr), _sigmoid(xz + hz)
    return (1 - z) * np.tanh(xn + r * hn) + z * h


def old_state_not_kept(x, h, params):
    """You return (1 − z) · n and leave the old state out: z · h is what the cell keeps."""
    (xr, xz, xn), (hr, hz, hn) = _from_input(x, params), _from_state(h, params)
    r, z = _sigmoid(xr + hr), _sigmoid(xz + hz)
    return (1 - z) * np.tanh(xn + r * hn)


def candidate_alone(x, h, params):
    """You return the candidate alone. It is mixed with the old state: (1 − z) · n + z · h."""
    (xr, _, xn), (hr, _, hn) = _from_input(x, params), _from_state(h, params)
    return np.tanh(xn + _sigmoid(xr + hr) * hn)


EXERCISE = Exercise(
    id="08.gru_step",
    title="One step of a GRU",
    objects=("gru_step",),
    points=2,
    cases=cases,
    oracle=oracle,
    mistakes=(
        candidate_without_reset,
        bias_outside_the_reset,
        reset_on_the_input_too,
        one_bias_only,
        candidate_with_a_sigmoid,
        candidate_added_in_full,
        candidate_first,
        old_state_not_kept,
        candidate_alone,
    ),
    conventions=(keeps_with_one_minus_z, resets_before_the_product, gates_in_keras_order),
    forbids=DEEP_LIBRARIES,
    hints=(
        "Why two separate products? → r multiplies only what comes from the state, so keep the two parts apart: np.split(x @ weight_ih.T + "
        "bias_ih, 3, axis=1) and the same with h.",
        "Which piece is which? → r (reset), z (update), n (candidate), in this order.",
        "Nearly everything:\n```python\nr = sigmoid(x_r + h_r)\nz = sigmoid(x_z + h_z)\nn = np.tanh(x_n + r * h_n)\nreturn ...\n```",
    ),
)
