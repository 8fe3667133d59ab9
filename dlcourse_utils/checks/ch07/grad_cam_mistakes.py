"""Known-wrong Grad-CAMs, written as one taught solution with one thing changed in each."""

import torch
import torch.nn.functional as F


def _score(logits, target):
    return logits[torch.arange(len(logits)), torch.as_tensor(target).expand(len(logits))].sum()


def _look(model, layer, x, score_of):
    """Return the layer's output and the gradient of the score there, and leave no trace."""
    kept = []
    handle = layer.register_forward_hook(lambda module, inputs, out: kept.append(out))
    logits = model(x)
    handle.remove()
    (slopes,) = torch.autograd.grad(score_of(logits), kept[0])
    return kept[0].detach(), slopes


def _combine(activation, slopes):
    weights = slopes.mean(dim=(2, 3), keepdim=True)
    return torch.relu((weights * activation).sum(dim=1))


def no_relu(model, layer, x, target):
    """The ReLU at the end is missing, so places that speak *against* the class show up as negative numbers (and in many a plot as strong colour)."""
    activation, slopes = _look(model, layer, x, lambda logits: _score(logits, target))
    return (slopes.mean(dim=(2, 3), keepdim=True) * activation).sum(dim=1)


def gradients_not_averaged(model, layer, x, target):
    """You multiply gradient and activation place by place. In Grad-CAM a channel has one weight: the mean of its gradient over all places."""
    activation, slopes = _look(model, layer, x, lambda logits: _score(logits, target))
    return torch.relu((slopes * activation).sum(dim=1))


def summed_over_the_places(model, layer, x, target):
    """Your channel weights are sums over the places; the paper takes means, so yours are h·w times too large."""
    activation, slopes = _look(model, layer, x, lambda logits: _score(logits, target))
    return torch.relu((slopes.sum(dim=(2, 3), keepdim=True) * activation).sum(dim=1))


def relu_on_each_channel(model, layer, x, target):
    """You apply the ReLU to each channel before adding them up, so a channel that speaks against the class can no longer outweigh one that speaks for it. First the sum over the channels, then the ReLU."""
    activation, slopes = _look(model, layer, x, lambda logits: _score(logits, target))
    return torch.relu(slopes.mean(dim=(2, 3), keepdim=True) * activation).sum(dim=1)


def normalised_to_one(model, layer, x, target):
    """Each of your maps is divided by its maximum. That is for the picture; here the map itself is asked for, so that two images can be compared."""
    cam = _combine(*_look(model, layer, x, lambda logits: _score(logits, target)))
    return cam / (cam.amax(dim=(1, 2), keepdim=True) + 1e-8)


def stretched_to_the_image(model, layer, x, target):
    """Your map has the image's size. Return it at the layer's own resolution; stretching it is a matter of the picture, and it suggests a precision that is not there."""
    cam = _combine(*_look(model, layer, x, lambda logits: _score(logits, target)))
    return F.interpolate(cam[:, None], size=x.shape[2:], mode="bilinear")[:, 0]


def the_winning_class(model, layer, x, target):
    """You explain the class with the largest logit, whatever was asked. Use `target`: the interesting question is often why the network did *not* see something."""
    activation, slopes = _look(model, layer, x, lambda logits: logits.max(dim=1).values.sum())
    return _combine(activation, slopes)


def slope_of_the_probability(model, layer, x, target):
    """You take the gradient of the softmax probability. When the network is sure, that is almost zero; Grad-CAM uses the logit."""
    activation, slopes = _look(model, layer, x, lambda logits: _score(torch.softmax(logits, dim=1), target))
    return _combine(activation, slopes)


def targets_of_all_images_mixed(model, layer, x, target):
    """With a class for each image, logits[:, target] takes *every* class from every image. Pair them up: logits[torch.arange(N), target]."""
    activation, slopes = _look(model, layer, x, lambda logits: logits[:, target].sum())
    return _combine(activation, slopes)


def backward_into_the_parameters(model, layer, x, target):
    """You call backward, so every parameter's .grad has changed, and the next optimizer step will use it. torch.autograd.grad(score, activation) gives the gradient you want and stores nothing."""
    kept = []
    handle = layer.register_forward_hook(lambda module, inputs, out: (out.retain_grad(), kept.append(out))[1])
    _score(model(x), target).backward()
    handle.remove()
    return _combine(kept[0].detach(), kept[0].grad)


def hook_left_behind(model, layer, x, target):
    """Your hook stays on the layer. Each call adds another, and each keeps a whole batch of activations alive: handle.remove(), in a `finally` to be sure."""
    kept = []
    layer.register_forward_hook(lambda module, inputs, out: kept.append(out))
    logits = model(x)
    (slopes,) = torch.autograd.grad(_score(logits, target), kept[0])
    return _combine(kept[0].detach(), slopes)


def left_in_evaluation_mode(model, layer, x, target):
    """You leave the model in evaluation mode although it came in training mode. Put back what you found."""
    model.eval()
    return _combine(*_look(model, layer, x, lambda logits: _score(logits, target)))


def graph_still_attached(model, layer, x, target):
    """Your map still carries its graph (requires_grad is True): it keeps the whole forward pass in memory, and .numpy() refuses it. Return it detached."""
    kept = []
    handle = layer.register_forward_hook(lambda module, inputs, out: kept.append(out))
    logits = model(x)
    handle.remove()
    (slopes,) = torch.autograd.grad(_score(logits, target), kept[0], retain_graph=True)
    return _combine(kept[0], slopes)


def one_weight_for_the_whole_batch(model, layer, x, target):
    """Your channel weights are averaged over the batch too, so each image is explained with the others' gradients. Average over the places only: dim=(2, 3)."""
    activation, slopes = _look(model, layer, x, lambda logits: _score(logits, target))
    return torch.relu((slopes.mean(dim=(0, 2, 3), keepdim=True) * activation).sum(dim=1))


def score_averaged_over_the_batch(model, layer, x, target):
    """Your score is the mean over the batch, so every map is N times too small and depends on how many images came along. Add the logits up: each image's gradient then is its own."""
    return _combine(*_look(model, layer, x, lambda logits: _score(logits, target) / len(logits)))


def channels_averaged(model, layer, x, target):
    """You take the mean over the channels. Their weighted maps are added up: sum over dim=1."""
    activation, slopes = _look(model, layer, x, lambda logits: _score(logits, target))
    return torch.relu((slopes.mean(dim=(2, 3), keepdim=True) * activation).mean(dim=1))


def absolute_value(model, layer, x, target):
    """You take the absolute value in place of the ReLU, so what speaks *against* the class lights up like what speaks for it."""
    activation, slopes = _look(model, layer, x, lambda logits: _score(logits, target))
    return (slopes.mean(dim=(2, 3), keepdim=True) * activation).sum(dim=1).abs()


def always_back_to_training(model, layer, x, target):
    """You end with model.train() whatever the mode was on entry. Put back what you found: was = model.training … model.train(was); or leave the mode alone."""
    found = _combine(*_look(model, layer, x, lambda logits: _score(logits, target)))
    model.train()
    return found


MISTAKES = (
    no_relu,
    gradients_not_averaged,
    summed_over_the_places,
    relu_on_each_channel,
    normalised_to_one,
    stretched_to_the_image,
    the_winning_class,
    slope_of_the_probability,
    targets_of_all_images_mixed,
    backward_into_the_parameters,
    hook_left_behind,
    left_in_evaluation_mode,
    graph_still_attached,
    one_weight_for_the_whole_batch,
    score_averaged_over_the_batch,
    channels_averaged,
    absolute_value,
    always_back_to_training,
)
