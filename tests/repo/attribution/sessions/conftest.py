import pytest

from tests.repo.attribution.sessions.homes import Home


@pytest.fixture
def place(tmp_path):
    """An empty home and worktree."""
    return Home(tmp_path)
