"""Attempts: one task written by several models, reviewed by others, compared, picked or grafted."""
