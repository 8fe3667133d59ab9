"""Chapter 03, backprop: from one scalar chain to a network trained on digits."""

ORDER = (
    "Value",
    "linear_forward",
    "relu_forward",
    "unbroadcast",
    "softmax_cross_entropy",
    "gradient_check",
    "mlp_loss_and_grads",
    "train_mlp",
    "milestone_memorise",
    "milestone_digits",
)
