"""Asking a model over its API: `http/` and `wire/` are shared, each wire format has a folder."""
