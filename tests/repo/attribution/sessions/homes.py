"""A home folder with transcripts of `tests/data/sessions`, where the programs have them."""

import hashlib
import re
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from xreview.repo.attribution.sessions.search import SessionsFound, session_evidence

DATA = Path(__file__).parents[3] / "data" / "sessions"
PATH = "shop/basket.py"
LINES = dict(enumerate((DATA / "basket.py").read_text().split("\n")[:-1], 1))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
VENDORS = {
    "claude-code": ("anthropic", "claude-opus-4-8"),
    "codex": ("openai", "gpt-5.2-codex"),
    "gemini-cli": ("google", "gemini-2.5-pro"),
    "copilot-cli": ("openai", "gpt-5.2"),
    "opencode": ("mistral", "devstral-2"),
    "aider": ("openai", "openai/gpt-5.2"),
    "qwen-code": ("qwen", "qwen3-coder-plus"),
    "amp": ("anthropic", "claude-opus-4-5-20251101"),
    "droid": ("zhipu", "glm-5"),
    "crush": ("moonshot", "kimi-k3"),
    "cursor": ("cursor", "composer-2.5"),
}


class Home:
    """An empty home and worktree below a folder.

    Args:
        top: the folder.
        worktree: the worktree's top folder, where it is to be another one.
    """

    def __init__(self, top: Path, worktree: Path | None = None) -> None:
        self.home = top / "home"
        self.worktree = worktree or top / "work" / "my.shop"
        self.worktree.mkdir(parents=True, exist_ok=True)
        self.home.mkdir(parents=True, exist_ok=True)

    @property
    def environ(self) -> dict[str, str]:
        return {"HOME": str(self.home)}

    def text(self, name: str) -> str:
        """A transcript of the data folder, about this worktree."""
        return (DATA / name).read_text().replace("@TOP@", str(self.worktree))

    def place(self, tool: str) -> Path:
        """Where a tool has the transcript of a session in this worktree."""
        top = str(self.worktree)
        munged = re.sub(r"[^A-Za-z0-9]", "-", top)
        sha, md5 = hashlib.sha256(top.encode()).hexdigest(), hashlib.md5(top.encode()).hexdigest()
        share = self.home / ".local" / "share"
        return {
            "claude-code": self.home / f".claude/projects/{munged}/s1.jsonl",
            "codex": self.home / ".codex/sessions/2026/03/04/rollout-2026-03-04T05-06-00-s1.jsonl",
            "gemini-cli": self.home / f".gemini/tmp/{sha}/chats/session-2026-s1.jsonl",
            "copilot-cli": self.home / ".copilot/session-state/s1/events.jsonl",
            "opencode": share / "opencode/opencode.db",
            "aider": self.worktree / ".aider.chat.history.md",
            "qwen-code": self.home / f".qwen/projects/{munged}/chats/s1.jsonl",
            "amp": share / "amp/threads/T-1.json",
            "droid": self.home / ".factory/sessions/shop/s1.jsonl",
            "crush": self.worktree / ".crush/crush.db",
            "cursor": self.home / f".cursor/chats/{md5}/s1/store.db",
        }[tool]

    def put(self, tool: str, to: Path | None = None) -> Path:
        """Put a tool's transcript where it belongs."""
        path = to or self.place(tool)
        path.parent.mkdir(parents=True, exist_ok=True)
        name = next(file.name for file in DATA.glob(f"{tool}.*") if "settings" not in file.name)
        if name.endswith(".sql"):
            with closing(sqlite3.connect(path)) as connection:
                connection.executescript(self.text(name))
        else:
            path.write_text(self.text(name))
        if tool == "droid":
            path.with_name("s1.settings.json").write_text(self.text("droid.settings.json"))
        return path

    def search(self, added=None, *, environ=None, since=LONG_AGO, seconds=60.0) -> SessionsFound:
        return session_evidence(
            self.worktree,
            {PATH: LINES} if added is None else added,
            since,
            environ or self.environ,
            time.monotonic() + seconds,
        )


def matched(found: SessionsFound) -> dict[str, list[tuple[int, int]]]:
    """The ranges by tool, of a change of one file."""
    return {one.tool: list(one.lines[0].ranges) for one in found.evidence}
