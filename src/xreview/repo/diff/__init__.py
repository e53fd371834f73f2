"""The text of diffs: file headers, file names, and git's own output."""
