"""Tests of `retrieval.embedding`."""
