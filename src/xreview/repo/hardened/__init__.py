"""Running git so that nothing the repository configures runs."""
