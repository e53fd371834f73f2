"""Reads what the attention of a change depends on."""
