"""Reading the change out of git, without running anything the repository configures."""
