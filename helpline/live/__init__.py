"""Who answers now: shifts, presence, callers on hold, and the telephones that ring for them. Knows no menu and no page."""
