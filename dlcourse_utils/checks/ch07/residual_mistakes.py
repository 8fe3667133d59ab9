"""Known-wrong residual blocks, and two well-known other ones."""

import torch
import torch.nn.functional as F
from torch import nn


class _Block(nn.Module):
    """The right block; each mistake below changes one thing."""

    def __init__(self, c_in, c_out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(c_in, c_out, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(c_out)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(c_out)
        same = stride == 1 and c_in == c_out
        self.shortcut = nn.Identity() if same else nn.Conv2d(c_in, c_out, 1, stride=stride)

    def main(self, x):
        return self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))

    def forward(self, x):
        return torch.relu(self.main(x) + self.shortcut(x))


class adds_after_the_last_relu(_Block):
    """You add the shortcut after the last ReLU, so the block can only ever add something positive to its input. First the sum, then the ReLU: relu(main + shortcut)."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)

    def forward(self, x):
        return torch.relu(self.main(x)) + self.shortcut(x)


class no_last_relu(_Block):
    """The ReLU after the sum is missing: relu(main + shortcut)."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)

    def forward(self, x):
        return self.main(x) + self.shortcut(x)


class no_projection(_Block):
    """The input is added as it is, which fails as soon as the channels or the sides differ. Then the shortcut needs a 1×1 convolution with the same stride, c_in → c_out."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)
        self.shortcut = nn.Identity()


class projection_everywhere(_Block):
    """You project the input even where the shapes agree. There the shortcut is the input itself: that free way through is what makes deep networks trainable."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)
        self.shortcut = nn.Conv2d(c_in, c_out, 1, stride=stride)


class shortcut_forgotten(_Block):
    """There is no shortcut: your block is two plain layers. Add the input (or its projection) before the last ReLU."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)

    def forward(self, x):
        return torch.relu(self.main(x))


class no_relu_in_the_middle(_Block):
    """Between your two convolutions there is no ReLU, so apart from the batch norm they are one linear step."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)

    def main(self, x):
        return self.bn2(self.conv2(self.bn1(self.conv1(x))))


class batch_norms_forgotten(_Block):
    """Your block has no batch norm. Each of the two convolutions is followed by one; without them the sum grows from block to block."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)
        self.bn1 = self.bn2 = nn.Identity()


class no_second_batch_norm(_Block):
    """The second convolution has no batch norm after it: conv, BN, ReLU, conv, BN, then the sum."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)
        self.bn2 = nn.Identity()


class pre_activation(nn.Module):
    """This is the pre-activation block of He et al.'s second paper (2016): BN-ReLU-conv, BN-ReLU-conv, and nothing after the sum. It trains very deep networks better. Asked for here is the first one: conv-BN-ReLU-conv-BN, the sum, ReLU."""

    def __init__(self, c_in, c_out, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(c_in)
        self.conv1 = nn.Conv2d(c_in, c_out, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(c_out)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, padding=1, bias=False)
        same = stride == 1 and c_in == c_out
        self.shortcut = nn.Identity() if same else nn.Conv2d(c_in, c_out, 1, stride=stride)

    def forward(self, x):
        out = self.conv2(torch.relu(self.bn2(self.conv1(torch.relu(self.bn1(x))))))
        return out + self.shortcut(x)


class shortcut_padded_with_zeros(_Block):
    """This is option A of the ResNet paper: where shapes differ, the shortcut takes every `stride`-th pixel and fills new channels with zeros. It costs no parameters. Asked for here is option B, a 1×1 convolution with the same stride."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)
        self.shortcut, self.stride, self.more = nn.Identity(), stride, c_out - c_in

    def forward(self, x):
        thinned = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.more))
        return torch.relu(self.main(x) + thinned)


class one_batch_norm_for_both(_Block):
    """Both convolutions share one batch norm. Their outputs have different means and spreads, and one set of running averages cannot hold both: give each a batch norm of its own."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)

    def main(self, x):
        return self.bn1(self.conv2(torch.relu(self.bn1(self.conv1(x)))))


class writes_into_its_input(_Block):
    """Your block writes into its input: where the shortcut is x itself, `shortcut += ...` changes the caller's tensor, which other layers may still need. Make a new sum: main + shortcut."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)

    def forward(self, x):
        main = self.main(x)
        shortcut = self.shortcut(x)
        shortcut += main
        return torch.relu(shortcut)


class no_gradient_through_the_shortcut(_Block):
    """Forwards everything is right, but no gradient comes back through your shortcut (a .detach() or a no_grad cuts it). That way back is the whole point of the block."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)

    def forward(self, x):
        return torch.relu(self.main(x) + self.shortcut(x).detach())


class stride_in_the_wrong_places(_Block):
    """With stride 2 your two paths come out in different sizes. The stride belongs to the first 3×3 convolution and to the 1×1 shortcut, to each once and to nothing else."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, stride=stride, padding=1, bias=False)


class projects_for_channels_only(_Block):
    """Your block stops where the channels agree and the stride is 2: there x is still twice as large as what it is added to. The shortcut is x itself only if stride == 1 *and* c_in == c_out."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)
        self.shortcut = nn.Identity() if c_in == c_out else nn.Conv2d(c_in, c_out, 1, stride=stride)


class projects_for_stride_only(_Block):
    """Your block stops where the stride is 1 and the channels differ. The shortcut is x itself only if stride == 1 *and* c_in == c_out."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)
        self.shortcut = nn.Identity() if stride == 1 else nn.Conv2d(c_in, c_out, 1, stride=stride)


class no_padding(_Block):
    """Your block stops everywhere: main path and shortcut never have the same size. Is padding=1 missing in a 3×3 convolution? Without it each one shaves off a rim."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)
        self.conv1 = nn.Conv2d(c_in, c_out, 3, stride=stride, bias=False)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, bias=False)


class stride_in_the_second_convolution(_Block):
    """Your second convolution has the stride. Sizes come out the same, the numbers do not: the first one has it, so that the second has less to do."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)
        self.conv1 = nn.Conv2d(c_in, c_out, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(c_out, c_out, 3, stride=stride, padding=1, bias=False)


class relu_before_the_batch_norm(_Block):
    """In the middle your ReLU comes before the batch norm. The order is conv, BN, ReLU."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)

    def main(self, x):
        return self.bn2(self.conv2(self.bn1(torch.relu(self.conv1(x)))))


class relu_on_the_shortcut(_Block):
    """Your shortcut goes through a ReLU before it is added, so what was negative in x is lost. Add it as it is."""

    def __init__(self, c_in, c_out, stride):
        super().__init__(c_in, c_out, stride)

    def forward(self, x):
        return torch.relu(self.main(x) + torch.relu(self.shortcut(x)))


MISTAKES = (
    adds_after_the_last_relu,
    no_last_relu,
    no_projection,
    projection_everywhere,
    shortcut_forgotten,
    no_relu_in_the_middle,
    batch_norms_forgotten,
    no_second_batch_norm,
    one_batch_norm_for_both,
    writes_into_its_input,
    no_gradient_through_the_shortcut,
    stride_in_the_wrong_places,
    projects_for_channels_only,
    projects_for_stride_only,
    no_padding,
    stride_in_the_second_convolution,
    relu_before_the_batch_norm,
    relu_on_the_shortcut,
)
CONVENTIONS = (pre_activation, shortcut_padded_with_zeros)
