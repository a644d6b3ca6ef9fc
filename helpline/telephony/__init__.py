"""The carrier: how its webhooks prove themselves, and what we ask of it. Only this package speaks to a carrier."""
