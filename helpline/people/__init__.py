"""Who may do what, and what was looked at. Knows no page and no caller."""
