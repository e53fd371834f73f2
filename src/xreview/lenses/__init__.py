"""Data files: the prompts of each lens, and in which order a change is read."""
