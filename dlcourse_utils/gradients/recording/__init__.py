"""Record a PyTorch model while it trains, by hooks that are there only around a sampled step."""
