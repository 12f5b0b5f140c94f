"""Scale: made-up collections of up to a million passages."""
