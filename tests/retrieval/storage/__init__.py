"""Tests of `retrieval.storage`."""
