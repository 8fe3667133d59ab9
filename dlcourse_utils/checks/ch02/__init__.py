"""Chapter 02, neurons and losses: one module per exercise."""

ORDER = (
    "sigmoid",
    "relu",
    "leaky_relu",
    "activation_grads",
    "mlp_forward",
    "softmax",
    "log_softmax",
    "mse_loss",
    "cross_entropy",
    "bce_with_logits",
    "accuracy",
    "milestone_digits",
)
