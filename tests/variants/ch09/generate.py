"""09.generate written in other ways; each must pass."""

import torch
import torch.nn.functional as F


@torch.no_grad()
def scatters_the_top(model, ids, steps, temperature=1.0, top_k=None, generator=None):
    text = ids
    for _ in range(steps):
        window = text if text.size(1) <= model.context else text[:, -model.context :]
        logits = model(window)[:, -1, :].double() / temperature
        k = logits.size(-1) if top_k is None else min(top_k, logits.size(-1))
        values, places = logits.topk(k, dim=-1)
        chosen = torch.multinomial(F.softmax(values, dim=-1), num_samples=1, generator=generator)
        text = torch.cat((text, places.gather(-1, chosen)), dim=-1)
    return text


def inverse_cdf(model, ids, steps, temperature, top_k, generator):
    n, t = ids.shape
    text = torch.empty(n, t + steps, dtype=ids.dtype)
    text[:, :t] = ids
    with torch.inference_mode():
        for i in range(t, t + steps):
            logits = model(text[:, max(0, i - model.context) : i])[:, -1]
            p = torch.softmax(logits / temperature, -1)
            if top_k is not None:
                p = p * (p >= p.sort(dim=-1, descending=True).values[:, top_k - 1, None])
                p = p / p.sum(-1, keepdim=True)
            u = torch.rand(n, 1, generator=generator, dtype=p.dtype)
            text[:, i] = (p.cumsum(-1) < u).sum(-1).clamp(max=p.shape[-1] - 1)
    return text


def gumbel(model, ids, steps, temperature, top_k, generator):
    for _ in range(steps):
        logits = model(ids[:, -model.context :])[:, -1]
        if top_k:
            least = logits.topk(top_k).values.min(dim=-1, keepdim=True).values
            logits = torch.where(logits < least, float("-inf"), logits)
        noise = -torch.log(-torch.log(torch.rand(logits.shape, generator=generator, dtype=torch.float64)))
        ids = torch.cat([ids, (logits / temperature + noise).argmax(-1, keepdim=True)], 1)
    return ids


VARIANTS = (scatters_the_top, inverse_cdf, gumbel)
