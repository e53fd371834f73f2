import pytest

from tests.fakes.forge_server import ForgeServer
from tests.repo.builder import Builder, isolate

NUMBERS = [f"line {number}\n" for number in range(1, 41)]


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A repository: `topic` changes line 3 of `a.py` and line 30, adds `new.py`, renames a file."""
    isolate(monkeypatch, tmp_path / "home")
    builder = Builder(tmp_path / "shop")
    builder.write("a.py", "".join(NUMBERS))
    builder.write("old.txt", "kept\n" * 30)
    builder.commit("first")
    builder.git("checkout", "--quiet", "-b", "topic")
    changed = [*NUMBERS]
    changed[2], changed[29] = "changed 3\n", "changed 30\n"
    builder.write("a.py", "".join(changed))
    builder.write("new.py", "print(1)\nprint(2)\n")
    builder.git("mv", "old.txt", "moved.txt")
    builder.commit("second")
    builder.git("checkout", "--quiet", "main")
    return builder


@pytest.fixture
def github():
    with ForgeServer() as server:
        yield server


@pytest.fixture
def pull(github, shop):
    """acme/shop#7 by ada, who isn't the one whose token is used."""
    github.account("ada")
    project = github.project("acme/shop", shop.top)
    return project.open_pull(7, head="topic", title="Shop more", body="Closes #3", author="ada")
