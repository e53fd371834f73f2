"""What is related to a change and isn't in it, found out beside the review."""
