"""A test here is a telephone call."""
