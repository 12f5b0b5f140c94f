"""Tests of `retrieval.index.lexical`."""
