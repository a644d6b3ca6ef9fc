"""A year of the line that never was, for demonstrations, measurements and pictures: believable, fast, the same for the same seed."""
