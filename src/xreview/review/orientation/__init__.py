"""Where to look in a change and what is related to it, found out beside the review."""
