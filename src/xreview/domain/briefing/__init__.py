"""The description of a change for its reviewers: what is asked first, and the text."""
