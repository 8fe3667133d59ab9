"""Chapter 08, recurrent networks: memory through time, from one step in NumPy to text and bicycles in PyTorch."""

ORDER = (
    "rnn_step",
    "rnn_forward",
    "clip_gradients",
    "lstm_step",
    "gru_step",
    "build_vocab",
    "encode",
    "pad_batch",
    "LSTMClassifier",
    "milestone_sentiment",
    "masked_cross_entropy",
    "truncated_bptt_steps",
    "sample_text",
    "milestone_characters",
    "make_windows",
    "milestone_bikes",
)
