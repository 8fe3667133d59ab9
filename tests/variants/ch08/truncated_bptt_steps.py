"""08.truncated_bptt_steps written in other ways; each must pass."""

import torch
import torch.nn.functional as F


def split_in_time(model, inputs, targets, optimizer, chunk):
    losses, state = [], None
    for x, y in zip(inputs.split(chunk, dim=1), targets.split(chunk, dim=1)):
        optimizer.zero_grad()
        logits, state = model(x, state)
        state = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        loss = F.cross_entropy(logits.transpose(1, 2), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def detach_on_the_way_in(model, inputs, targets, optimizer, chunk):
    def cut(state):
        if state is None:
            return None
        if isinstance(state, torch.Tensor):
            return state.detach()
        return type(state)(cut(s) for s in state)

    losses, state, start = [], None, 0
    while start < inputs.shape[1]:
        stop = min(start + chunk, inputs.shape[1])
        logits, state = model(inputs[:, start:stop], cut(state))
        log_p = logits.log_softmax(dim=-1)
        loss = -log_p.gather(2, targets[:, start:stop, None]).mean()
        model.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
        start = stop
    return losses


def token_by_token_inside_a_chunk(model, inputs, targets, optimizer, chunk):
    losses, state = [], None
    for start in range(0, inputs.shape[1], chunk):
        if isinstance(state, tuple):
            state = tuple(part.detach() for part in state)
        elif state is not None:
            state = state.detach()
        parts = []
        for t in range(start, min(start + chunk, inputs.shape[1])):
            logits, state = model(inputs[:, t : t + 1], state)
            parts.append(F.cross_entropy(logits[:, 0], targets[:, t]))
        loss = torch.stack(parts).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach().item())
    return losses


VARIANTS = (split_in_time, detach_on_the_way_in, token_by_token_inside_a_chunk)
