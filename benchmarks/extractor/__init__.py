"""Trains the answer extractor from the bundled encoder: public pairs, bulletin pairs, and twins without an answer."""
