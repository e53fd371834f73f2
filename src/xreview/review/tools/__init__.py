"""The read-only tools with which a model reads the repository during a review."""
