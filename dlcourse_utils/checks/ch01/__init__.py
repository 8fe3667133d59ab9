"""Chapter 01, the maths toolbox: one module per exercise."""

ORDER = (
    "affine",
    "pairwise_sq_distances",
    "one_hot",
    "standardize",
    "numerical_gradient",
    "gaussian_nll",
    "bayes_posterior",
    "bayes_net_query",
    "fit_markov_chain",
    "stationary_distribution",
    "kl_divergence",
    "milestone_letter_model",
)
