"""Disposable trees: the user's files as they see them, for a fixer to change, and the way back."""
