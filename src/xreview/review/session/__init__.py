"""One running session: its state, its reviewers, its way to the journal."""
