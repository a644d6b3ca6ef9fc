"""What is forgotten, and when. Knows tables by name only."""
