"""Tests of `retrieval.reading.structure`."""
