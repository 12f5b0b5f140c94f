"""Tests of `retrieval.building`."""
