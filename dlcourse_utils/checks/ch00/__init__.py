"""Chapter 00, start here: one module per exercise."""

ORDER = ("scale_to_unit", "mlp_parameter_count", "milestone_nearest_mean")
