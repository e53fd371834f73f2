"""Finding the token of a forge where its user keeps it: this program has none of its own."""
