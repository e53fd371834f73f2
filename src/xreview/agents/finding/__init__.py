"""Finding the agents on this machine."""
