"""The change under review: what was requested, what git compares, and which files differ."""
