"""Loops that write with a GPT and go wrong."""

import math

import torch


def _odds(logits, temperature, top_k):
    logits = logits / temperature
    if top_k is not None:
        least = torch.topk(logits, top_k).values[:, -1:]
        logits = logits.masked_fill(logits < least, -math.inf)
    return torch.softmax(logits, dim=-1)


def _write(model, ids, steps, temperature, top_k, generator, *, window=None, odds=_odds, draw=None):
    for _ in range(steps):
        shown = ids[:, -model.context :] if window is None else window(ids, model.context)
        p = odds(model(shown)[:, -1], temperature, top_k)
        new = torch.multinomial(p, 1, generator=generator) if draw is None else draw(p, generator)
        ids = torch.cat([ids, new], dim=1)
    return ids


def always_the_likeliest(model, ids, steps, temperature, top_k, generator):
    """You always take the likeliest id (argmax); temperature and top_k have no effect. Draw: torch.multinomial(p, 1, generator=generator)."""
    return _write(model, ids, steps, temperature, top_k, generator, draw=lambda p, _: p.argmax(dim=-1, keepdim=True))


def temperature_multiplied(model, ids, steps, temperature, top_k, generator):
    """You multiply by the temperature. Divide: a high temperature brings the logits closer together, and the draws become wilder."""
    return _write(model, ids, steps, 1 / temperature, top_k, generator)


def temperature_ignored(model, ids, steps, temperature, top_k, generator):
    """The temperature has no effect on your draws. Divide the *logits* by it, before the softmax."""
    return _write(model, ids, steps, 1.0, top_k, generator)


def top_k_ignored(model, ids, steps, temperature, top_k, generator):
    """top_k has no effect: all ids are drawn. Set the logits that are not among a row's top k to −inf before the softmax."""
    return _write(model, ids, steps, temperature, None, generator)


def _zeros_for_the_rest(logits, temperature, top_k):
    logits = logits / temperature
    if top_k is not None:
        logits = logits.masked_fill(logits < torch.topk(logits, top_k).values[:, -1:], 0.0)
    return torch.softmax(logits, dim=-1)


def rest_set_to_zero(model, ids, steps, temperature, top_k, generator):
    """You set the logits outside the top k to 0, which is a logit like others, and here the largest. A probability of 0 needs the logit −inf."""
    return _write(model, ids, steps, temperature, top_k, generator, odds=_zeros_for_the_rest)


def _the_smallest(logits, temperature, top_k):
    logits = logits / temperature
    if top_k is not None:
        most = torch.topk(logits, top_k, largest=False).values[:, -1:]
        logits = logits.masked_fill(logits > most, -math.inf)
    return torch.softmax(logits, dim=-1)


def keeps_the_smallest(model, ids, steps, temperature, top_k, generator):
    """You keep the k *least* likely ids. Keep the largest logits."""
    return _write(model, ids, steps, temperature, top_k, generator, odds=_the_smallest)


def one_too_many(model, ids, steps, temperature, top_k, generator):
    """You keep one id too many: top_k is how many may be drawn."""
    return _write(model, ids, steps, temperature, None if top_k is None else top_k + 1, generator)


def _least_of_the_first(logits, temperature, top_k):
    logits = logits / temperature
    if top_k is not None:
        logits = logits.masked_fill(logits < torch.topk(logits, top_k).values[0, -1], -math.inf)
    return torch.softmax(logits, dim=-1)


def one_too_few(model, ids, steps, temperature, top_k, generator):
    """You keep one id too few: the k-th largest belongs to them. Only what is *smaller* than it becomes −inf: logits < least, not <=."""
    return _write(model, ids, steps, temperature, None if top_k is None else top_k - 1, generator)


def _least_of_all(logits, temperature, top_k):
    logits = logits / temperature
    if top_k is not None:
        logits = logits.masked_fill(logits < torch.topk(logits.flatten(), top_k).values[-1], -math.inf)
    return torch.softmax(logits, dim=-1)


def top_k_of_the_whole_batch(model, ids, steps, temperature, top_k, generator):
    """You keep the k largest logits of all texts together. Each row keeps its own k: torch.topk works along the last axis."""
    return _write(model, ids, steps, temperature, top_k, generator, odds=_least_of_all)


def first_texts_threshold_for_all(model, ids, steps, temperature, top_k, generator):
    """You find the k-th largest logit of the first text and cut all texts off there. Each row has its own: values[:, -1:]."""
    return _write(model, ids, steps, temperature, top_k, generator, odds=_least_of_the_first)


def the_top_ids_evenly(model, ids, steps, temperature, top_k, generator):
    """You draw among the top k evenly. They keep their own odds: softmax over what is left."""

    def even(logits, temperature, top_k):
        p = _odds(logits, temperature, top_k)
        return p if top_k is None else (p > 0).double()

    return _write(model, ids, steps, temperature, top_k, generator, odds=even)


def feeds_the_last_id_only(model, ids, steps, temperature, top_k, generator):
    """You feed the newest id alone, as one feeds an RNN. A GPT has no state: show it the latest `context` ids every time."""
    return _write(model, ids, steps, temperature, top_k, generator, window=lambda ids, context: ids[:, -1:])


def feeds_everything(model, ids, steps, temperature, top_k, generator):
    """You feed the whole text, and soon there is more of it than the model has positions for. Feed the latest ones: ids[:, -model.context :]."""
    return _write(model, ids, steps, temperature, top_k, generator, window=lambda ids, context: ids)


def feeds_the_first_ids(model, ids, steps, temperature, top_k, generator):
    """When the text outgrows the context you go on showing its *beginning*. Show its end: ids[:, -model.context :]."""
    return _write(model, ids, steps, temperature, top_k, generator, window=lambda ids, context: ids[:, :context])


def one_id_less_than_fits(model, ids, steps, temperature, top_k, generator):
    """You show one id less than the context holds."""
    return _write(model, ids, steps, temperature, top_k, generator, window=lambda ids, context: ids[:, -(context - 1) :])


def one_draw_for_the_batch(model, ids, steps, temperature, top_k, generator):
    """You draw once and use it for every text of the batch. multinomial takes a probability row for each text, (N, V), and draws for each."""

    def draw(p, generator):
        return torch.multinomial(p[:1], 1, generator=generator).expand(len(p), 1)

    return _write(model, ids, steps, temperature, top_k, generator, draw=draw)


def new_ids_alone(model, ids, steps, temperature, top_k, generator):
    """You return the new ids alone. The prompt belongs in front of them."""
    return _write(model, ids, steps, temperature, top_k, generator)[:, ids.shape[1] :]


def one_id_too_few(model, ids, steps, temperature, top_k, generator):
    """Your text is one id too short: steps counts the *new* ids."""
    return _write(model, ids, steps - 1, temperature, top_k, generator)


def global_generator(model, ids, steps, temperature, top_k, generator):
    """You draw from torch's global generator. Pass the one you were given: torch.multinomial(p, 1, generator=generator). Otherwise nobody can repeat your text."""
    return _write(model, ids, steps, temperature, top_k, None)


MISTAKES = (
    always_the_likeliest,
    temperature_multiplied,
    temperature_ignored,
    top_k_ignored,
    rest_set_to_zero,
    keeps_the_smallest,
    one_too_many,
    one_too_few,
    top_k_of_the_whole_batch,
    first_texts_threshold_for_all,
    the_top_ids_evenly,
    feeds_the_last_id_only,
    feeds_everything,
    feeds_the_first_ids,
    one_id_less_than_fits,
    one_draw_for_the_batch,
    new_ids_alone,
    one_id_too_few,
    global_generator,
)
