"""Tests of `retrieval.index.vectors`."""
