"""Chapter 09, attention: from one soft look-up to a small GPT that pronounces English."""

ORDER = (
    "scaled_dot_product_attention",
    "causal_mask",
    "padding_mask",
    "MultiHeadAttention",
    "sinusoidal_positions",
    "TransformerBlock",
    "TinyGPT",
    "generate",
    "milestone_pronounce",
)
