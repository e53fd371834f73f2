"""A repository with a login, notes, texts and styles, and the program in it."""

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.cli.program import Done, Program
from tests.proof.readers import ApiReaders
from tests.repo.builder import Builder
from tests.review.asking.test_reviewer import finding
from xreview.domain.decision import Decision
from xreview.domain.events.event import DecisionMade, Event, Payload
from xreview.journal.store import Journal
from xreview.review.session.surroundings import now

LOGIN = "src/auth/login.py"
NOTES = "src/notes/views.py"
OF_NOTES = "tests/test_views.py"
SAFE = """\
def check(user, given):
    return constant_time(user.password_hash, hashed(given))


def leave(user):
    user.session = None
    return user
"""
WEAK = SAFE.replace("constant_time(user.password_hash, hashed(given))", "user.hash == given")
AT_WEAK = "    return user.hash == given"
CRUD = """\
from app import notes, router


@router.get("/notes/{id}")
def shown(id):
    return notes.get(id)
"""
RENAMING = """\


@router.put("/notes/{id}")
def shown_after(id, body):
    note = shown(id)
    note.title = body.title
    notes.save(note)
    return note
"""
BY = ("--author", "openai:gpt-6.2-sol")


def weak(title: str = "The password is compared plainly", **more: Any) -> dict[str, Any]:
    """What a reviewer says of the weak login."""
    return {**finding(LOGIN, AT_WEAK, title), "start_line": 2, "category": "security", **more}


class Shop:
    """Ada's checkout; `readers` are her models, None for analysers only."""

    def __init__(self, folder: Path, readers: ApiReaders | None = None) -> None:
        self.repository = Builder(folder / "project")
        self.program = Program(folder / "home", self.repository.top)
        self.program.environ["PATH"] = "/usr/bin:/bin"
        self.readers = readers
        if readers is not None:
            (self.program.config / "config.toml").write_text(readers.config)
            self.program.environ |= readers.environ
        for path, text in (
            (LOGIN, SAFE),
            (NOTES, CRUD),
            (OF_NOTES, "from notes import shown, shown_after\n"),
            ("docs/usage.md", "# Usage\n"),
            ("web/site.css", "a { color: red; }\n"),
        ):
            self.repository.write(path, text)
        self.repository.commit("first")

    @property
    def journal(self) -> Path:
        return self.program.data / "journal.sqlite3"

    @property
    def identity(self) -> str:
        return str((self.repository.top / ".git").resolve())

    def weaken(self) -> None:
        self.repository.write(LOGIN, WEAK)

    async def run(self, *words: str) -> Done:
        """Run the program while the models answer."""
        return await asyncio.to_thread(self.program.run, *words)

    async def reviewed(self, *words: str) -> dict[str, Any]:
        """Review what a model wrote, as JSON; `code` and `err` are of the process."""
        done = await self.run("review", *BY, "--format", "json", *words)
        assert done.out, done.err
        return {**json.loads(done.out), "code": done.code, "err": done.err}

    def as_json(self, *words: str) -> Any:
        done = self.program.run(*words, "--json")
        assert done.code == 0, done.err
        return json.loads(done.out)

    def trust(self, *words: str) -> dict[str, Any]:
        """The attention of the change, with its files by path."""
        told = self.as_json("trust", *words)
        return {**told, "files": {one["path"]: one for one in told["files"]}}

    def record(self, id: str, payload: Payload) -> None:
        """Record in the latest session what a person did in the app."""
        with Journal.open(self.journal) as journal:
            (session, *_) = journal.sessions(self.identity)
            journal.append([Event(id, session.id, self.identity, now(), "Ada", payload)])

    def decide(self, found: dict[str, Any], decision: Decision) -> None:
        subjects = tuple(found["fingerprints"])
        self.record(f"e-{subjects[0]}", DecisionMade(f"a-{subjects[0]}", subjects, decision))
