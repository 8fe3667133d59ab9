"""Chapter 05, training well: initialisation, normalisation, regularisation, honest evaluation, imperfect data."""

ORDER = (
    "xavier_init",
    "he_init",
    "batchnorm_forward",
    "layernorm_forward",
    "l2_penalty",
    "l1_penalty",
    "dropout_forward",
    "EarlyStopping",
    "stratified_split",
    "precision_recall_f1",
    "roc_auc",
    "class_weights",
    "weighted_cross_entropy",
    "oversample",
    "impute",
    "milestone_heart",
)
