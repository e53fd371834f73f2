"""Who wrote the change, and which reviewers read it or answer about it."""
