from tests.cli.conftest import program, repository

__all__ = ["program", "repository"]
