"""For other systems: the interface with which an entity answers its offers, and what we tell it. Knows no page."""
