"""Which entity takes a request; knows nothing of the call that made it, nor of names and numbers."""
