"""07.ResidualBlock written in other ways; each must pass."""

import torch
import torch.nn.functional as F
from torch import nn


class as_in_torchvision(nn.Module):
    def __init__(self, c_in, c_out, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(c_in, c_out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(c_out)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(c_out)
        self.downsample = None
        if stride != 1 or c_in != c_out:
            self.downsample = nn.Sequential(nn.Conv2d(c_in, c_out, 1, stride, bias=False), nn.BatchNorm2d(c_out))

    def forward(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += x if self.downsample is None else self.downsample(x)
        return self.relu(out)


class projection_without_batch_norm(nn.Module):
    def __init__(self, c_in, c_out, stride):
        super().__init__()
        self.shortcut = nn.Sequential()
        if (c_in, 1) != (c_out, stride):
            self.shortcut.append(nn.Conv2d(c_in, c_out, kernel_size=1, stride=stride))
        self.norms = nn.ModuleList(nn.BatchNorm2d(c_out) for _ in range(2))
        first = nn.Conv2d(c_in, c_out, 3, stride=stride, padding="valid")
        self.convs = nn.ModuleList([first, nn.Conv2d(c_out, c_out, 3)])

    def forward(self, x):
        out = self.norms[0](self.convs[0](F.pad(x, (1, 1, 1, 1))))
        out = self.norms[1](self.convs[1](F.pad(F.relu(out), (1, 1, 1, 1))))
        return F.relu(out + self.shortcut(x))


class lazy_and_clamped(nn.Module):
    def __init__(self, c_in, c_out, stride):
        super().__init__()
        self.project = c_in != c_out or stride > 1
        if self.project:
            self.skip = nn.Conv2d(c_in, c_out, 1, stride)
        self.first = nn.Sequential(nn.Conv2d(c_in, c_out, 3, stride, 1), nn.BatchNorm2d(c_out))
        self.second = nn.Sequential(nn.Conv2d(c_out, c_out, 3, 1, 1), nn.BatchNorm2d(c_out))

    def forward(self, x):
        side = self.skip(x) if self.project else x
        return torch.add(self.second(self.first(x).clamp_min(0)), side).clamp_min(0)


VARIANTS = (as_in_torchvision, projection_without_batch_norm, lazy_and_clamped)
