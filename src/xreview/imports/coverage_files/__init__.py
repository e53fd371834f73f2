"""Reads coverage files that tools left behind: which lines tests ran, and which they could have."""
