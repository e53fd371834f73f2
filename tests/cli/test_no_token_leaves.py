"""A forge's token goes to its own host only, whatever is done with a pull request."""

import base64
from pathlib import Path

import pytest

from tests.cli.pulling import Pulls
from tests.fakes.forge_server import ForgeServer
from tests.repo.builder import Builder

FORMATS = ("csv", "github", "html", "json", "jsonl", "markdown", "prompt", "rdjson", "sarif")
# In place of git and of an analyser's program: what each gets to see is kept.
RECORDER = """#!/bin/sh
echo "$0 $*" >> {kept}/arguments
case " $* " in
  *" fetch "*) ;;
  *) {{ echo "$0 $*"; env; }} >> {kept}/environments ;;
esac
exec /usr/bin/{name} "$@"
"""


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


@pytest.fixture
def pulls(tmp_path: Path, kept: Path):
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("git", "shellcheck", "zizmor", "gh", "glab"):
        file = programs / name
        file.write_text(RECORDER.format(kept=kept, name=name))
        file.chmod(0o755)
    with ForgeServer() as server:
        work = Builder(tmp_path / "work")
        made = Pulls(server, work, tmp_path)
        made.program.environ["PATH"] = f"{programs}:/usr/bin:/bin"
        yield made


def forms(token: str) -> set[bytes]:
    """The token plain, and within basic authentication, where it is at one of three offsets."""
    found = {token.encode()}
    for user in ("x-access-token", "oauth2", "", "ab"):
        found.add(base64.b64encode(f"{user}:{token}".encode())[:-4])
    return found


def session(pulls: Pulls) -> list[str]:
    """Everything that is done with a pull request; what is printed."""
    thread = pulls.pull.comment("bob", "run.py", 1, "Why?")
    pulls.review()
    name = pulls.findings[0]["fingerprint"]
    words = [
        ("doctor",),
        ("pr", "--list"),
        ("pr", "--list", "--json"),
        ("who", "pr"),
        ("prompt", "show", "--pr", "12"),
        *(("export", "--format", format) for format in FORMATS),
        ("post", "--dry-run", "--json"),
        ("post", "--yes"),
        ("post", "--submit", "comment"),
        ("post", "--undo"),
        ("reply", name, "--text", "No.", "--yes"),
        ("log",),
    ]
    said = [pulls.program.run(*one) for one in words]
    wrong = {"GH_ENTERPRISE_TOKEN": f"{pulls.token}x"}
    for one in (("pr", "--list"), ("review", "--pr", "12"), ("post", "--dry-run")):
        done = pulls.program.run(*one, **wrong)
        assert done.code, "this token isn't valid"
        said.append(done)
    assert thread.comments
    return [done.out + done.err for done in said]


def test_nothing_that_is_kept_printed_or_started_has_it(pulls: Pulls, kept: Path, tmp_path: Path):
    printed = session(pulls)
    used = {(request.account, request.scheme) for request in pulls.server.requests}
    assert {("ada", "bearer"), ("ada", "basic")} <= used
    arguments = (kept / "arguments").read_text()
    assert " fetch " in arguments
    assert (kept / "environments").stat().st_size
    files = [path for path in tmp_path.rglob("*") if path.is_file() and not path.is_symlink()]
    assert any(path.suffix == ".sqlite3" for path in files)
    for form in forms(pulls.token):
        assert not any(form in text.encode() for text in printed)
        assert [str(path) for path in files if form in path.read_bytes()] == []
