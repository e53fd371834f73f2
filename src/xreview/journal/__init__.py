"""The append-only decision log in SQLite."""
