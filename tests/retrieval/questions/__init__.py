"""Tests of `retrieval.questions`."""
