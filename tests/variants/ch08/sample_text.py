"""08.sample_text written in other ways; each must pass."""

import torch


def with_multinomial(model, start, length, temperature, generator):
    ids, new, state = start, start, None
    for _ in range(length):
        with torch.no_grad():
            logits, state = model(new.unsqueeze(0), state)
        p = torch.softmax(logits[0, -1] / temperature, dim=0)
        new = torch.multinomial(p, num_samples=1, generator=generator)
        ids = torch.cat([ids, new])
    return ids


@torch.no_grad()
def reads_all_each_time(model, start, length, temperature, generator):
    ids = start.clone()
    for _ in range(length):
        logits, _ = model(ids[None], None)
        p = torch.softmax(logits[0, -1] / temperature, dim=-1)
        ids = torch.cat([ids, torch.multinomial(p, 1, generator=generator)])
    return ids


@torch.no_grad()
def gumbel_noise(model, start, length, temperature, generator):
    text = start.tolist()
    logits, state = model(start.reshape(1, -1), None)
    for _ in range(length):
        noise = -torch.log(-torch.log(torch.rand(logits.shape[-1], generator=generator, dtype=torch.float64)))
        text.append(int((logits[0, -1] / temperature + noise).argmax()))
        logits, state = model(torch.tensor([[text[-1]]]), state)
    return torch.tensor(text)


@torch.no_grad()
def along_the_cumulative_sum(model, start, length, temperature, generator):
    chances = torch.rand(length, generator=generator)
    state = None
    for i in start:
        logits, state = model(i.view(1, 1), state)
    new = []
    for chance in chances:
        p = (logits[0, -1] / temperature).softmax(dim=0)
        new.append(int(torch.searchsorted(p.cumsum(0), chance.to(p.dtype)).clamp(max=len(p) - 1)))
        logits, state = model(torch.tensor([[new[-1]]]), state)
    return torch.cat([start, torch.tensor(new, dtype=start.dtype)])


VARIANTS = (with_multinomial, reads_all_each_time, gumbel_noise, along_the_cumulative_sum)
