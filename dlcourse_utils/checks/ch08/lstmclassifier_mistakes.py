"""Ways to read a padded batch wrong."""

import torch
from torch import nn


class _Parts(nn.Module):
    batch_first = True

    def __init__(self, vocab, embed=64, hidden=64, classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab, embed)
        self.lstm = nn.LSTM(embed, hidden, batch_first=self.batch_first)
        self.head = nn.Linear(hidden, classes)

    def states(self, ids):
        return self.lstm(self.embedding(ids))[0]

    def last(self, ids, mask):
        return self.head(self.states(ids)[torch.arange(len(ids)), mask.sum(dim=1) - 1])


class reads_the_padded_step(_Parts):
    """You read the last *column*, out[:, -1] or h_n. For a short sequence that is a step deep in the padding, and its answer depends on who else is in the batch. Read column mask.sum(dim=1) − 1 of each row."""

    def forward(self, ids, mask):
        return self.head(self.states(ids)[:, -1])


class one_step_early(_Parts):
    """You read one step before the last real one, so the last word is never heard. A row with n real tokens has its last in column n − 1."""

    def forward(self, ids, mask):
        return self.head(self.states(ids)[torch.arange(len(ids)), (mask.sum(dim=1) - 2).clamp(min=0)])


class first_step(_Parts):
    """You read the first step, when the network has seen one word. The state that has read everything is the last real one."""

    def forward(self, ids, mask):
        return self.head(self.states(ids)[:, 0])


class mean_over_all_steps(_Parts):
    """You average over all columns, padding included. Here the last real step is asked for."""

    def forward(self, ids, mask):
        return self.head(self.states(ids).mean(dim=1))


class mean_over_real_steps(_Parts):
    """You average over the real steps. That is a good design too, and blind to padding, but here the last real step is asked for: there you see what an LSTM can remember."""

    def forward(self, ids, mask):
        real = mask[..., None]
        return self.head((self.states(ids) * real).sum(dim=1) / real.sum(dim=1))


class maximum_over_real_steps(_Parts):
    """You take each unit's maximum over the real steps. Here the last real step is asked for."""

    def forward(self, ids, mask):
        return self.head(self.states(ids).masked_fill(~mask[..., None], -torch.inf).amax(dim=1))


class walks_along_the_batch(_Parts):
    """Your LSTM takes the batch for time: nn.LSTM expects (T, N, D) unless you say batch_first=True. Sentences then leak into each other."""

    batch_first = False
    forward = _Parts.last


class reads_the_memory(_Parts):
    """You read the memory c. The LSTM speaks through its state h = o · tanh(c): use out, or the first of the pair (h, c)."""

    def forward(self, ids, mask):
        rows = [
            self.lstm(self.embedding(ids[i : i + 1, : int(mask[i].sum())]))[1][1][0] for i in range(len(ids))
        ]
        return self.head(torch.cat(rows))


class ends_with_softmax(_Parts):
    """Your model ends with a softmax. Return the logits; cross_entropy does the rest."""

    def forward(self, ids, mask):
        return torch.softmax(self.last(ids, mask), dim=1)


class rows_in_another_order(_Parts):
    """You sort the rows by length and never put them back, so the answers belong to other sentences."""

    def forward(self, ids, mask):
        return self.last(ids, mask)[torch.argsort(-mask.sum(dim=1), stable=True)]


class mask_guessed_from_the_ids(_Parts):
    """You count the ids that are not 0 and never look at the mask. What stands in the padded places should make no difference: mask says what is real."""

    def forward(self, ids, mask):
        return self.last(ids, ids != 0)


class a_gru_inside(nn.Module):
    """Your model has a GRU (or a plain RNN) inside: too few parameters for an LSTM's four gates. Use nn.LSTM."""

    def __init__(self, vocab, embed=64, hidden=64, classes=2):
        super().__init__()
        self.embedding = nn.Embedding(vocab, embed)
        self.gru = nn.GRU(embed, hidden, batch_first=True)
        self.head = nn.Linear(hidden, classes)

    def forward(self, ids, mask):
        return self.head(self.gru(self.embedding(ids))[0][torch.arange(len(ids)), mask.sum(dim=1) - 1])


class an_output_for_every_step(_Parts):
    """You return logits for every step, (N, T, classes). A sentence gets one answer: pick its last real step first."""

    def forward(self, ids, mask):
        return self.head(self.states(ids))


class cut_off_from_learning(_Parts):
    """The logits are right, but no gradient gets from them to the LSTM and the embedding: a .detach(), .data or no_grad on the way cuts it off, and only the last layer would learn."""

    def forward(self, ids, mask):
        return self.head(self.states(ids).detach()[torch.arange(len(ids)), mask.sum(dim=1) - 1])


class a_batch_of_one_loses_its_axis(_Parts):
    """With a single sentence your logits lose the batch axis: .squeeze() without an argument takes away every axis of length 1. Say which: .squeeze(1)."""

    def forward(self, ids, mask):
        last = (mask.sum(dim=1) - 1)[:, None, None].expand(-1, 1, self.lstm.hidden_size)
        return self.head(self.states(ids).gather(1, last).squeeze())


MISTAKES = (
    reads_the_padded_step,
    one_step_early,
    first_step,
    mean_over_all_steps,
    mean_over_real_steps,
    maximum_over_real_steps,
    walks_along_the_batch,
    reads_the_memory,
    ends_with_softmax,
    rows_in_another_order,
    mask_guessed_from_the_ids,
    a_gru_inside,
    an_output_for_every_step,
    cut_off_from_learning,
    a_batch_of_one_loses_its_axis,
)
