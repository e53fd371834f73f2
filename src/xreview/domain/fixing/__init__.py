"""Fixing accepted findings: what a fixer answers, what its patch does, and how that is judged."""
