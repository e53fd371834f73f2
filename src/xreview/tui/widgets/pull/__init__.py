"""The parts of the screens of pull requests."""
