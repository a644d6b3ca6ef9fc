"""What a person asked: asks, agreements, codes, drafts. Alone moves between callback and request."""
