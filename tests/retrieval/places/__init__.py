"""Tests of `retrieval.places`."""
