"""What is related to a change and isn't in it, looked for beside the review."""
