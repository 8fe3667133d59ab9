"""07.grad_cam written in other ways; each must pass."""

import torch
import torch.nn.functional as F


def hooks_both_ways(model, layer, x, target):
    seen = {}
    mode = model.training
    grads = [p.grad for p in model.parameters()]
    for p in model.parameters():
        p.grad = None
    handles = [
        layer.register_forward_hook(lambda m, i, o: seen.update(a=o.detach())),
        layer.register_full_backward_hook(lambda m, gi, go: seen.update(g=go[0].detach())),
    ]
    model.eval()
    logits = model(x)
    classes = torch.full((len(x),), target) if isinstance(target, int) else target
    logits.gather(1, classes[:, None]).sum().backward()
    for handle in handles:
        handle.remove()
    for p, g in zip(model.parameters(), grads):
        p.grad = g
    model.train(mode)
    alpha = seen["g"].mean((2, 3))
    return torch.einsum("nc,nchw->nhw", alpha, seen["a"]).clamp(min=0)


def retained_gradient(model, layer, x, target):
    kept = []
    with torch.enable_grad():
        handle = layer.register_forward_hook(lambda module, args, output: kept.append(output))
        try:
            logits = model(x)
        finally:
            handle.remove()
        (activation,) = kept
        onehot = F.one_hot(torch.as_tensor(target).expand(len(x)), logits.shape[1])
        gradient = torch.autograd.grad(logits, activation, grad_outputs=onehot.to(logits.dtype))[0]
    weights = F.adaptive_avg_pool2d(gradient, 1)
    return F.relu((weights * activation).sum(1)).detach()


def one_image_at_a_time(model, layer, x, target):
    maps = []
    for n in range(len(x)):
        chosen = target if isinstance(target, int) else int(target[n])
        store = {}

        def keep(module, inputs, output):
            store["a"] = output

        hook = layer.register_forward_hook(keep)
        score = model(x[n : n + 1])[0, chosen]
        hook.remove()
        a = store["a"]
        g = torch.autograd.grad(score, a)[0]
        cam = sum(g[0, c].mean() * a[0, c] for c in range(a.shape[1]))
        maps.append(torch.maximum(cam, torch.zeros_like(cam)).detach())
    return torch.stack(maps)


VARIANTS = (hooks_both_ways, retained_gradient, one_image_at_a_time)
