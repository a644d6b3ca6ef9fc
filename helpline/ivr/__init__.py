"""What a caller hears: the menu as data, a pure engine over it, and the webhooks that carry it to the telephone."""
