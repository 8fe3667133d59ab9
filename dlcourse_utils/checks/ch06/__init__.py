"""Chapter 06, PyTorch: the same ideas with autograd, modules and devices."""

ORDER = (
    "pick_device",
    "gradients_of",
    "Swish",
    "MLP",
    "torch_loss_and_grads",
    "ArrayDataset",
    "training_step",
    "evaluate",
    "accumulate_gradients",
    "save_checkpoint",
    "milestone_digits",
)
