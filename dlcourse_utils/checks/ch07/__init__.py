"""Chapter 07, convolution from scratch, then real image classification."""

ORDER = (
    "conv_output_size",
    "conv2d_forward",
    "im2col",
    "maxpool2d_forward",
    "receptive_field",
    "SmallCNN",
    "DigitCNN",
    "ResidualBlock",
    "augment",
    "grad_cam",
    "milestone_fashion",
)
