"""Theme files, and their Textual themes."""
