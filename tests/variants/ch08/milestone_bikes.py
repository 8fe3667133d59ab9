"""08.milestone_bikes solved in other ways; each must pass."""

import numpy as np
import torch
from torch import nn


def a_gru_on_standardised_counts(x, y, epochs, seed):
    mean, std = x.mean(), x.std()
    torch.manual_seed(seed)
    gru, head = nn.GRU(1, 32, batch_first=True), nn.Linear(32, y.shape[1])
    optimizer = torch.optim.Adam([*gru.parameters(), *head.parameters()], lr=1e-2)
    inputs = torch.tensor((x - mean) / std, dtype=torch.float32).unsqueeze(-1)
    targets = torch.tensor((y - mean) / std, dtype=torch.float32)
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(32):
            optimizer.zero_grad()
            nn.functional.mse_loss(head(gru(inputs[rows])[1][0]), targets[rows]).backward()
            optimizer.step()

    @torch.no_grad()
    def predict(x):
        out = head(gru(torch.tensor((x - mean) / std, dtype=torch.float32).unsqueeze(-1))[1][0])
        return out.numpy() * std + mean

    return predict


class the_change_since_yesterday:
    """An object that can be called is as good as a function; so is an LSTM that forecasts a correction."""

    def __init__(self, x, y, epochs, seed):
        torch.manual_seed(seed)
        self.scale, self.horizon = float(x.max()), y.shape[1]
        self.lstm, self.head = nn.LSTM(1, 24, batch_first=True), nn.Linear(24, self.horizon)
        optimizer = torch.optim.Adam([*self.lstm.parameters(), *self.head.parameters()], lr=1e-2)
        inputs, targets = self.tensors(x), torch.tensor((y - x[:, : self.horizon]) / self.scale, dtype=torch.float32)
        order = np.random.default_rng(seed)
        for _ in range(epochs):
            for rows in np.array_split(order.permutation(len(x)), max(len(x) // 40, 1)):
                optimizer.zero_grad()
                nn.functional.l1_loss(self.ask(inputs[rows]), targets[rows]).backward()
                optimizer.step()

    def tensors(self, x):
        return torch.tensor(x[:, :, None] / self.scale - 0.5, dtype=torch.float32)

    def ask(self, inputs):
        return self.head(self.lstm(inputs)[0][:, -1])

    def __call__(self, x):
        return x[:, : self.horizon] + self.scale * self.ask(self.tensors(x)).detach().numpy()


VARIANTS = (a_gru_on_standardised_counts, the_change_since_yesterday)
