"""Reading any patch into file diffs."""
