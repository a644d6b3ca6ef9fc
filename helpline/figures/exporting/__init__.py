"""Rows of the log of calls as files: asked for on a page, made piece by piece by the worker, fetched, forgotten after a day."""
