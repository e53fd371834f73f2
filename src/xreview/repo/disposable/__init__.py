"""The disposable tree of a fix, outside of the repository."""
