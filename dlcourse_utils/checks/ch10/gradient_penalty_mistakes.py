"""Gradient penalties that went wrong, and the one-sided one."""

import torch


def _between(real, fake, generator):
    eps = torch.rand(len(real), generator=generator).reshape(-1, *[1] * (real.dim() - 1))
    return (eps * real + (1 - eps) * fake).detach().requires_grad_()


def _slope(D, x):
    return torch.autograd.grad(D(x).sum(), x, create_graph=True)[0].flatten(1)


def at_the_data(D, real, fake, generator):
    """You penalise the gradient at the real samples. Asked for are points *between* a real sample and a fake, at a place that is drawn for each pair."""
    return ((_slope(D, real.detach().clone().requires_grad_()).norm(dim=1) - 1) ** 2).mean()


def at_the_fakes(D, real, fake, generator):
    """You penalise the gradient at the fakes. Asked for are points *between* a real sample and a fake, at a place that is drawn for each pair."""
    return ((_slope(D, fake.detach().clone().requires_grad_()).norm(dim=1) - 1) ** 2).mean()


def norm_over_the_batch(D, real, fake, generator):
    """You take one length over the whole batch. Each sample's gradient has a length of its own: flatten(1).norm(dim=1)."""
    return (_slope(D, _between(real, fake, generator)).norm() - 1) ** 2


def graph_not_kept(D, real, fake, generator):
    """Your penalty has no graph, so it cannot teach D anything: a penalty on a gradient needs the gradient *of* that gradient. Pass create_graph=True to torch.autograd.grad."""
    x = _between(real, fake, generator)
    (slope,) = torch.autograd.grad(D(x).sum(), x)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


def one_coefficient_for_all(D, real, fake, generator):
    """You draw one coefficient for the whole batch. Draw one for each sample, so that different places are visited."""
    eps = torch.rand(1, generator=generator)
    x = (eps * real + (1 - eps) * fake).detach().requires_grad_()
    return ((_slope(D, x).norm(dim=1) - 1) ** 2).mean()


def one_coefficient_for_each_number(D, real, fake, generator):
    """You draw a coefficient for every single number, so your points lie anywhere in a box and not on the line between the two samples. One coefficient per sample: shape (N, 1, 1, 1) for images."""
    eps = torch.rand(real.shape, generator=generator)
    x = (eps * real + (1 - eps) * fake).detach().requires_grad_()
    return ((_slope(D, x).norm(dim=1) - 1) ** 2).mean()


def gradient_of_the_mean(D, real, fake, generator):
    """You take the gradient of D's *mean*, so each sample's slope is divided by N. Take that of the sum: sample by sample, nothing is divided."""
    x = _between(real, fake, generator)
    (slope,) = torch.autograd.grad(D(x).mean(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


def pulled_to_zero(D, real, fake, generator):
    """You penalise the length itself, which pulls D flat. The length should be 1: (length − 1)²."""
    return (_slope(D, _between(real, fake, generator)).norm(dim=1) ** 2).mean()


def squared_length_minus_one(D, real, fake, generator):
    """You penalise (length² − 1)². Take the root first: (length − 1)²."""
    return (((_slope(D, _between(real, fake, generator)) ** 2).sum(dim=1) - 1) ** 2).mean()


def with_lambda(D, real, fake, generator):
    """You multiply by λ = 10 inside. The weight is the caller's affair: return the bare penalty."""
    return 10 * ((_slope(D, _between(real, fake, generator)).norm(dim=1) - 1) ** 2).mean()


def global_generator(D, real, fake, generator):
    """You draw from torch's global generator. Pass the one you were given: torch.rand(..., generator=generator)."""
    return ((_slope(D, _between(real, fake, None)).norm(dim=1) - 1) ** 2).mean()


def fakes_not_constant(D, real, fake, generator):
    """Your penalty leads back into the samples: with fakes that come fresh from G, it would push G about. Detach real and fake before you mix them."""
    eps = torch.rand(len(real), generator=generator).reshape(-1, *[1] * (real.dim() - 1))
    return ((_slope(D, eps * real + (1 - eps) * fake).norm(dim=1) - 1) ** 2).mean()


def fills_Ds_gradients(D, real, fake, generator):
    """You call backward(), which writes into D's .grad, and the optimizer would step along it. torch.autograd.grad gives the slope at x and leaves every .grad alone."""
    x = _between(real, fake, generator)
    D(x).sum().backward(create_graph=True)
    return ((x.grad.flatten(1).norm(dim=1) - 1) ** 2).mean()


def D_left_in_evaluation_mode(D, real, fake, generator):
    """You switch D to evaluation mode and leave it there, so its batch norms stop learning. The penalty only asks D; it leaves the mode as it is."""
    D.eval()
    return ((_slope(D, _between(real, fake, generator)).norm(dim=1) - 1) ** 2).mean()


def length_over_the_channels(D, real, fake, generator):
    """With images your norm(dim=1) runs over the channels only, so each *pixel* gets a length. Each sample has one, over all its numbers: flatten(1) first."""
    x = _between(real, fake, generator)
    (slope,) = torch.autograd.grad(D(x).sum(), x, create_graph=True)
    return ((slope.norm(dim=1) - 1) ** 2).mean()


def summed(D, real, fake, generator):
    """You sum over the samples. Take the mean, or λ means something else for every batch size."""
    return ((_slope(D, _between(real, fake, generator)).norm(dim=1) - 1) ** 2).sum()


def not_squared(D, real, fake, generator):
    """You take |length − 1|. The difference is squared: (length − 1)²."""
    return (_slope(D, _between(real, fake, generator)).norm(dim=1) - 1).abs().mean()


def coefficient_from_a_gaussian(D, real, fake, generator):
    """Your ε comes from torch.randn, so many points lie beyond the two samples and not between them. torch.rand draws from 0 to 1."""
    eps = torch.randn(len(real), generator=generator).reshape(-1, *[1] * (real.dim() - 1))
    return ((_slope(D, (eps * real + (1 - eps) * fake).detach().requires_grad_()).norm(dim=1) - 1) ** 2).mean()


def slope_of_the_probability(D, real, fake, generator):
    """You take the slope of σ(D), the probability. The leash is on the logit, D's bare answer."""
    x = _between(real, fake, generator)
    (slope,) = torch.autograd.grad(torch.sigmoid(D(x)).sum(), x, create_graph=True)
    return ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()


def mean_length_first(D, real, fake, generator):
    """You average the lengths and square afterwards, so a long and a short one cancel. Square each sample's (length − 1), then take the mean."""
    return (_slope(D, _between(real, fake, generator)).norm(dim=1).mean() - 1) ** 2


def one_sided(D, real, fake, generator):
    """You use the one-sided penalty, max(0, length − 1)², of Petzka, Fischer and Lukovnikov (2018). Asked for is the two-sided one of Gulrajani et al. (2017): (length − 1)²."""
    return (torch.relu(_slope(D, _between(real, fake, generator)).norm(dim=1) - 1) ** 2).mean()


MISTAKES = (
    at_the_data,
    at_the_fakes,
    norm_over_the_batch,
    graph_not_kept,
    one_coefficient_for_all,
    one_coefficient_for_each_number,
    gradient_of_the_mean,
    pulled_to_zero,
    squared_length_minus_one,
    with_lambda,
    global_generator,
    fakes_not_constant,
    fills_Ds_gradients,
    D_left_in_evaluation_mode,
    length_over_the_channels,
    summed,
    not_squared,
    coefficient_from_a_gaussian,
    slope_of_the_probability,
    mean_length_first,
)
