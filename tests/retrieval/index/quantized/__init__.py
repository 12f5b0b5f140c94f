"""Tests of `retrieval.index.quantized`."""
