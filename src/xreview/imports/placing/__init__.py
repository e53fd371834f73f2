"""From the names that tools use for files to paths in the change."""
