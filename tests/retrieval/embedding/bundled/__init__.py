"""Tests of `retrieval.embedding.bundled`."""
