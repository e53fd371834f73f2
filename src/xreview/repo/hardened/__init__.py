"""Running git so that nothing a repository configures can run."""
