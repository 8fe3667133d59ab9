"""A recurrent layer taken apart into its time steps, so that each step's whole gradient can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import CourseError

if TYPE_CHECKING:
    import torch


def unrolled(rnn: torch.nn.RNNBase, x: torch.Tensor) -> tuple[torch.Tensor, list[list[torch.Tensor]]]:
    """Run nn.RNN, nn.LSTM or nn.GRU step by step with its own weights, from a zero state.

    x is (N, T, D) when rnn.batch_first, else (T, N, D). Returns the output in the layout of the layer itself,
    equal to rnn(x)[0], and the hidden states h[layer][t], each (N, H). Those are nodes of the graph: a hook
    or retain_grad() on one shows everything that reaches it, also through later steps. The layer's fused
    output shows only what the loss sends to each step directly; for a loss on the last step that is zero at
    all others, which is no vanishing.
    Raises CourseError for bidirectional layers, projections, dropout between layers and unbatched input.
    """
    import torch

    _check(rnn, x)
    steps = x.transpose(0, 1) if rnn.batch_first else x
    inputs = list(steps.unbind(0))
    states: list[list[torch.Tensor]] = []
    for layer in range(rnn.num_layers):
        h = c = steps.new_zeros(steps.shape[1], rnn.hidden_size)
        row = []
        for value in inputs:
            h, c = _step(rnn, layer, value, h, c)
            row.append(h)
        states.append(row)
        inputs = row
    return torch.stack(states[-1], dim=1 if rnn.batch_first else 0), states


def _step(
    rnn: torch.nn.RNNBase, layer: int, x: torch.Tensor, h: torch.Tensor, c: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    import torch

    weights = [getattr(rnn, f"{name}_l{layer}") for name in ("weight_ih", "weight_hh")]
    biases = [getattr(rnn, f"{name}_l{layer}") if rnn.bias else None for name in ("bias_ih", "bias_hh")]
    if rnn.mode == "LSTM":
        return torch._VF.lstm_cell(x, (h, c), *weights, *biases)
    if rnn.mode == "GRU":
        return torch._VF.gru_cell(x, h, *weights, *biases), c
    cell = torch._VF.rnn_tanh_cell if rnn.mode == "RNN_TANH" else torch._VF.rnn_relu_cell
    return cell(x, h, *weights, *biases), c


def _check(rnn: torch.nn.RNNBase, x: torch.Tensor) -> None:
    import torch

    if not isinstance(rnn, torch.nn.RNNBase):
        raise CourseError(f"unrolled takes nn.RNN, nn.LSTM or nn.GRU, not {type(rnn).__name__}.")
    if rnn.bidirectional or rnn.proj_size or (rnn.dropout and rnn.training and rnn.num_layers > 1):
        raise CourseError("unrolled shows layers that run one way, without projections and dropout between layers.")
    if x.dim() != 3:
        raise CourseError(f"The input has shape {tuple(x.shape)}; a batch of sequences with three axes was expected.")
