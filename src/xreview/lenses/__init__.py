"""Data files: the prompt templates of each lens, and the reading order of a change."""
