"""The processes a helpline is made of: web, worker, clock, and one that runs them all. Knows no caller and no rule."""
