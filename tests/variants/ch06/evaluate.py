"""06.evaluate written in other ways; each must pass."""

import numpy as np
import torch


def with_try_and_finally(model, loader):
    was = model.training
    model.train(False)
    try:
        with torch.inference_mode():
            hits = [model(x).argmax(1) == y for x, y in loader]
        return torch.cat(hits).double().mean().item()
    finally:
        model.train(was)


@torch.no_grad()
def as_a_decorator(model, loader):
    mode = model.training
    model.eval()
    right, seen = 0, 0
    for x, y in loader:
        scores = model(x)
        right += int((scores.max(dim=1).indices == y).sum())
        seen += y.numel()
    if mode:
        model.train()
    return right / seen


def every_module_for_itself(model, loader):
    modes = {m: m.training for m in model.modules()}
    model.eval()
    guesses, truth = [], []
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    for x, y in loader:
        guesses.extend(model(x).numpy().argmax(axis=-1))
        truth.extend(y.numpy())
    torch.set_grad_enabled(before)
    for m, mode in modes.items():
        m.training = mode
    return np.mean(np.array(guesses) == np.array(truth))


VARIANTS = (with_try_and_finally, as_a_decorator, every_module_for_itself)
