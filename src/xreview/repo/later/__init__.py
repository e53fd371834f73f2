"""Reads what git's history holds after a review."""
