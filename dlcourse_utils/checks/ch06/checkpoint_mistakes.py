"""Ways to lose something between saving and loading."""

import random

import numpy as np
import torch


def _everything(model, optimizer, scheduler):
    name, keys, *rest = np.random.get_state()
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": None if scheduler is None else scheduler.state_dict(),
        "torch": torch.get_rng_state(),
        "numpy": [name, torch.tensor(keys.astype(np.int64)), *rest],
        "python": random.getstate(),
    }


def _put_back(state, model, optimizer, scheduler):
    if "model" in state:
        model.load_state_dict(state["model"])
    if "optimizer" in state:
        optimizer.load_state_dict(state["optimizer"])
    if state.get("scheduler") is not None:
        scheduler.load_state_dict(state["scheduler"])
    if "torch" in state:
        torch.set_rng_state(state["torch"])
    if "numpy" in state:
        name, keys, *rest = state["numpy"]
        np.random.set_state((name, np.asarray(keys).astype(np.uint32), *rest))
    if "python" in state:
        version, numbers, gauss = state["python"]
        random.setstate((version, tuple(numbers), gauss))


def _load(path, model, optimizer, scheduler=None):
    _put_back(torch.load(path, weights_only=True), model, optimizer, scheduler)


def _save_without(*left_out):
    def save(path, model, optimizer, scheduler=None):
        state = _everything(model, optimizer, scheduler)
        torch.save({k: v for k, v in state.items() if k not in left_out}, path)

    return save


class weights_only:
    """You save the weights and nothing else. The resumed run starts with an optimizer that has forgotten its momentum, and with other random numbers: it goes another way. Save optimizer, scheduler and the generators' states too."""

    save_checkpoint = _save_without("optimizer", "scheduler", "torch", "numpy", "python")
    load_checkpoint = _load


class random_states_forgotten:
    """Weights and optimizer come back, but the random generators do not: dropout masks, noise and the shuffle are others than they would have been. Save the states of torch, NumPy and Python too."""

    save_checkpoint = _save_without("torch", "numpy", "python")
    load_checkpoint = _load


class only_torchs_generator:
    """torch's generator comes back, NumPy's and Python's do not. Data is often shuffled or varied with those: save np.random.get_state() and random.getstate() too."""

    save_checkpoint = _save_without("numpy", "python")
    load_checkpoint = _load


class optimizer_forgotten:
    """The optimizer's memory is lost: momentum, or Adam's two moments, start at zero again, and so does the learning rate. Save and load optimizer.state_dict()."""

    save_checkpoint = _save_without("optimizer")
    load_checkpoint = _load


class scheduler_forgotten:
    """The scheduler starts over, so the learning rate takes its steps at the wrong epochs. When there is one, save and load scheduler.state_dict()."""

    save_checkpoint = _save_without("scheduler")
    load_checkpoint = _load


class a_new_model_in_place_of_the_old:
    """load_checkpoint binds the weights to a new object, and the caller's model stays as it was. Fill the model that was handed in: model.load_state_dict(...)."""

    save_checkpoint = _save_without()

    def load_checkpoint(path, model, optimizer, scheduler=None):
        state = torch.load(path, weights_only=True)
        model = state.pop("model")
        _put_back(state, model, optimizer, scheduler)


class needs_unpickling:
    """Your file only loads with weights_only=False, and unpickling a file runs whatever code its author put in. Keep NumPy's state as a tensor and plain numbers; then weights_only=True works."""

    def save_checkpoint(path, model, optimizer, scheduler=None):
        torch.save(_everything(model, optimizer, scheduler) | {"numpy": np.random.get_state()}, path)

    def load_checkpoint(path, model, optimizer, scheduler=None):
        _put_back(torch.load(path, weights_only=False), model, optimizer, scheduler)


class saving_draws_numbers:
    """Saving draws a random number itself, so the run goes on differently from one without checkpoints. Looking at a generator's state must not move it."""

    def save_checkpoint(path, model, optimizer, scheduler=None):
        state = _everything(model, optimizer, scheduler)
        torch.save(state | {"name": random.random()}, path)

    load_checkpoint = _load


class seeds_anew_after_loading:
    """torch's generator is not where it was when the run was saved, so dropout draws other masks than it would have: its state was not put back, or it was seeded anew afterwards. torch.set_rng_state(...), and no seed."""

    save_checkpoint = _save_without()

    def load_checkpoint(path, model, optimizer, scheduler=None):
        _load(path, model, optimizer, scheduler)
        torch.manual_seed(0)


class parameters_without_buffers:
    """The weights are back, but batch norm's running averages are not: model.parameters() holds only what is trained. Save model.state_dict(), which holds both."""

    def save_checkpoint(path, model, optimizer, scheduler=None):
        torch.save(_everything(model, optimizer, scheduler) | {"model": [p.detach() for p in model.parameters()]}, path)

    def load_checkpoint(path, model, optimizer, scheduler=None):
        state = torch.load(path, weights_only=True)
        for p, saved in zip(model.parameters(), state.pop("model"), strict=True):
            p.data.copy_(saved)
        _put_back(state, model, optimizer, scheduler)


class switches_to_evaluation_mode:
    """load_checkpoint (or save_checkpoint) puts the model into evaluation mode, so the resumed run trains without dropout. Leave the mode as it is."""

    save_checkpoint = _save_without()

    def load_checkpoint(path, model, optimizer, scheduler=None):
        _load(path, model, optimizer, scheduler)
        model.eval()


class numpys_spare_number_lost:
    """NumPy's generator is nearly where it was. np.random.normal makes two numbers at a time and keeps the second for the next call, so its state has five parts: name, keys, position, has_gauss, cached_gaussian. Put back all five."""

    save_checkpoint = _save_without()

    def load_checkpoint(path, model, optimizer, scheduler=None):
        _load(path, model, optimizer, scheduler)
        np.random.set_state(np.random.get_state()[:3])


class pythons_generator_forgotten:
    """Python's own generator is not put back, so random.shuffle gives another order than it would have. random.getstate() and random.setstate(...)."""

    save_checkpoint = _save_without("python")
    load_checkpoint = _load


class fails_without_a_scheduler:
    """Your functions stop when there is no scheduler: None has no state_dict. Ask first: if scheduler is not None."""

    def save_checkpoint(path, model, optimizer, scheduler=None):
        torch.save(_everything(model, optimizer, scheduler) | {"scheduler": scheduler.state_dict()}, path)

    load_checkpoint = _load


class a_second_file_beside_it:
    """Part of the state stands in a second file beside `path`. A checkpoint is one file: whoever carries it to another machine must not leave half of it behind. Put everything into one dict."""

    def save_checkpoint(path, model, optimizer, scheduler=None):
        state = _everything(model, optimizer, scheduler)
        torch.save({"model": state.pop("model")}, path)
        torch.save(state, f"{path}.rest")

    def load_checkpoint(path, model, optimizer, scheduler=None):
        _load(path, model, optimizer, scheduler)
        _load(f"{path}.rest", model, optimizer, scheduler)


MISTAKES = (
    weights_only,
    random_states_forgotten,
    only_torchs_generator,
    optimizer_forgotten,
    scheduler_forgotten,
    a_new_model_in_place_of_the_old,
    needs_unpickling,
    saving_draws_numbers,
    seeds_anew_after_loading,
    parameters_without_buffers,
    switches_to_evaluation_mode,
    numpys_spare_number_lost,
    pythons_generator_forgotten,
    fails_without_a_scheduler,
    a_second_file_beside_it,
)
