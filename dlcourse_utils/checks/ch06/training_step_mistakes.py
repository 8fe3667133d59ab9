"""Training steps that go wrong: wrong orders, wrong losses, switches turned, a pass too many."""

import torch
import torch.nn.functional as F
from torch import nn


def no_zero_grad(model, batch, optimizer):
    """Old gradients take part in your step: backward *adds* to what is already in .grad. Call optimizer.zero_grad() first, before backward."""
    x, labels = batch
    loss = F.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def nothing_moves(model, batch, optimizer):
    """Your parameters are the same after the step. Either optimizer.step() is missing, or there were no gradients when it ran: zero_grad first, then backward, then step."""
    x, labels = batch
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), labels)
    loss.backward()
    return loss.item()


def steps_before_backward(model, batch, optimizer):
    """You step before backward, so each update uses the gradient of the batch *before* (and the first uses none, or a stale one). Backward first, then step."""
    x, labels = batch
    loss = F.cross_entropy(model(x), labels)
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()
    return loss.item()


def returns_a_tensor(model, batch, optimizer):
    """Your loss is still a tensor, and its graph stays in memory as long as somebody keeps it: a list of a thousand losses holds a thousand graphs. Return loss.item(), a float."""
    x, labels = batch
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    return loss


def loss_after_the_update(model, batch, optimizer):
    """You return the loss computed again after the update. Asked for is the one that the gradient belongs to, from before; it costs no second forward pass either."""
    x, labels = batch
    optimizer.zero_grad()
    F.cross_entropy(model(x), labels).backward()
    optimizer.step()
    return F.cross_entropy(model(x), labels).item()


def loss_summed(model, batch, optimizer):
    """Your loss is the sum over the batch. Use the mean (cross_entropy's default): then the learning rate does not depend on the batch size."""
    x, labels = batch
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), labels, reduction="sum")
    loss.backward()
    optimizer.step()
    return loss.item()


def softmax_before_the_loss(model, batch, optimizer):
    """You put the logits through a softmax before cross_entropy, which applies log-softmax itself. Hand it the logits."""
    x, labels = batch
    optimizer.zero_grad()
    loss = F.cross_entropy(torch.softmax(model(x), dim=1), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def steps_twice(model, batch, optimizer):
    """Your parameters move twice per call. One batch, one backward, one optimizer.step()."""
    x, labels = batch
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    optimizer.step()
    return loss.item()


def _step(model, batch, optimizer):
    x, labels = batch
    optimizer.zero_grad()
    loss = F.cross_entropy(model(x), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


def switches_to_training_mode(model, batch, optimizer):
    """You call model.train() inside the step. The mode is the caller's affair: who trains a model with its batch norm frozen on purpose finds it thawed. Leave the mode as it is."""
    model.train()
    return _step(model, batch, optimizer)


def switches_to_evaluation_mode(model, batch, optimizer):
    """You call model.eval() inside the step, which switches dropout off while you train. Leave the mode as it is."""
    model.eval()
    return _step(model, batch, optimizer)


def ends_in_evaluation_mode(model, batch, optimizer):
    """After your step the model is in evaluation mode, so dropout is off in the next one. Leave the mode as it is; the caller decides."""
    loss = _step(model, batch, optimizer)
    model.eval()
    return loss


def a_second_forward_pass(model, batch, optimizer):
    """Your step sends the batch through the model twice. It costs time, and it is not free of effects: batch norm's running averages move twice, and dropout draws again, so the second loss is not the one that the gradient belongs to. Keep the loss of the one pass and return loss.item()."""
    x, labels = batch
    optimizer.zero_grad()
    F.cross_entropy(model(x), labels).backward()
    before = F.cross_entropy(model(x), labels).item()
    optimizer.step()
    return before


def batch_norm_held_still(model, batch, optimizer):
    """Your step puts batch norm into evaluation mode, so it neither uses the batch's own mean nor keeps its averages up to date. Leave the mode of every layer as it is."""
    norms = [m for m in model.modules() if isinstance(m, nn.BatchNorm1d)]
    for norm in norms:
        norm.eval()
    loss = _step(model, batch, optimizer)
    for norm in norms:
        norm.train()
    return loss


MISTAKES = (
    no_zero_grad,
    nothing_moves,
    steps_before_backward,
    returns_a_tensor,
    loss_after_the_update,
    loss_summed,
    softmax_before_the_loss,
    steps_twice,
    switches_to_training_mode,
    switches_to_evaluation_mode,
    ends_in_evaluation_mode,
    a_second_forward_pass,
    batch_norm_held_still,
)
