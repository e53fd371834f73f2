"""What is related to a change, found out beside the review."""
