"""Quality: fitted coefficients, public data sets and the loss by quantization."""
