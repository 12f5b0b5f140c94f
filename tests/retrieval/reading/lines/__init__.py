"""Tests of `retrieval.reading.lines`."""
