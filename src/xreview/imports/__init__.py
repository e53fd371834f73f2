"""Findings that other tools wrote to files: each tool is a reviewer with its own name."""
