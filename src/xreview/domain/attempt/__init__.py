"""Attempts: one task, solved by several writers, compared piece by piece."""
