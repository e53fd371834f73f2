"""Coding agents as models: programs on this machine with their own login (issue 6)."""
