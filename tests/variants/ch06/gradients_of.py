"""06.gradients_of written in other ways; each must pass."""

import torch


def backward_on_copies(f, *tensors):
    copies = [t.detach().clone().requires_grad_(True) for t in tensors]
    f(*copies).backward()
    return tuple(torch.zeros_like(c) if c.grad is None else c.grad for c in copies)


def materialised(f, *tensors):
    leaves = [torch.tensor(t.detach().numpy(), requires_grad=True) for t in tensors]
    return torch.autograd.grad(f(*leaves), leaves, materialize_grads=True)


def by_the_functional_interface(f, *tensors):
    slopes = torch.func.grad(f, argnums=tuple(range(len(tensors))))
    return tuple(g.detach() for g in slopes(*[t.detach() for t in tensors]))


def one_tensor_at_a_time(f, *tensors):
    found = []
    for i, t in enumerate(tensors):
        leaf = t.clone().detach()
        leaf.requires_grad = True
        inputs = [leaf if j == i else other.detach() for j, other in enumerate(tensors)]
        value = f(*inputs)
        found.append(torch.autograd.grad(value, leaf)[0] if value.requires_grad else torch.zeros_like(t).detach())
    return found


def jacobian(f, *tensors):
    return torch.autograd.functional.jacobian(f, tuple(t.detach() for t in tensors))


def in_forward_mode(f, *tensors):
    return torch.func.jacfwd(f, argnums=tuple(range(len(tensors))))(*[t.detach() for t in tensors])


VARIANTS = (
    backward_on_copies,
    materialised,
    by_the_functional_interface,
    one_tensor_at_a_time,
    jacobian,
    in_forward_mode,
)
