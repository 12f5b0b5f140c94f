"""Tests of `retrieval.language`."""
