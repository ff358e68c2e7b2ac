"""Text in, labels with confidence out: train, calibrate, evaluate, load."""
