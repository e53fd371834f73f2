"""The read-only tools that a model may call to ground its review in the repository."""
