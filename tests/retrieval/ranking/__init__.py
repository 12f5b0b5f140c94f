"""Tests of `retrieval.ranking`."""
