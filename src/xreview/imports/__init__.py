"""Findings of other tools, out of files: each tool in a file is a reviewer with its own name."""
