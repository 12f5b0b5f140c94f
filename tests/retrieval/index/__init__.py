"""Tests of `retrieval.index`."""
