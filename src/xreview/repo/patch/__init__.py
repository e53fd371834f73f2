"""Reading a patch from anywhere into file diffs."""
