"""The journal that a team shares, as a reference of the repository."""
