"""Tests of `retrieval.reading`."""
