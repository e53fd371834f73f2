"""Pull and merge requests: what one is, what is said on it, and what a review of it would post."""
