"""Sharing the journal with a team through a reference of the remote."""
