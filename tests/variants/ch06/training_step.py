"""06.training_step written in other ways; each must pass."""

import torch
from torch import nn


def the_usual_order(model, batch, optimizer):
    x, y = batch
    logits = model(x)
    loss = nn.CrossEntropyLoss()(logits, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return float(loss)


def clears_the_model_and_takes_two_steps_to_the_loss(model, batch, optimizer):
    model.zero_grad(set_to_none=True)
    loss = torch.nn.functional.nll_loss(torch.log_softmax(model(batch[0]), 1), batch[1])
    loss.backward()
    optimizer.step()
    return loss.detach().numpy().item()


def gradients_assigned_by_hand(model, batch, optimizer):
    x, y = batch
    parameters = list(model.parameters())
    loss = torch.nn.functional.cross_entropy(model(x), y)
    for p, g in zip(parameters, torch.autograd.grad(loss, parameters)):
        p.grad = g
    optimizer.step()
    return loss.item()


def with_a_closure(model, batch, optimizer):
    def closure():
        optimizer.zero_grad(set_to_none=False)
        loss = torch.nn.functional.cross_entropy(model(batch[0]), batch[1])
        loss.backward()
        return loss

    return optimizer.step(closure).item()


def clears_afterwards_too(model, batch, optimizer):
    for p in model.parameters():
        p.grad = None
    log_p = model(batch[0]).log_softmax(dim=-1)
    loss = -log_p.gather(1, batch[1][:, None]).mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    import numpy as np

    return np.float64(loss.item())


VARIANTS = (
    the_usual_order,
    clears_the_model_and_takes_two_steps_to_the_loss,
    gradients_assigned_by_hand,
    with_a_closure,
    clears_afterwards_too,
)
