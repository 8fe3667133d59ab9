"""Chapter 10, GAN: two networks, one game."""

ORDER = (
    "discriminator_loss",
    "generator_loss",
    "minimax_generator_loss",
    "optimal_discriminator",
    "js_divergence",
    "discriminator_step",
    "generator_step",
    "mode_coverage",
    "gradient_penalty",
    "milestone_ring",
    "DCGenerator",
    "DCDiscriminator",
    "frechet_distance",
    "milestone_digits",
    "slerp",
    "ConditionalGenerator",
    "image_to_image_step",
)
