"""Putting a session together, for the app and for every command."""
