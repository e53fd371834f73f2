"""The six tasks of `tests/data/tasks`, with their scripted solutions."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.repo.builder import Builder
from tests.review.asking.test_reviewer import finding

TASKS = Path(__file__).parents[1] / "data" / "tasks"
NAMES = ("fields", "prices", "recent", "retries", "slugs", "spans")
SOLUTIONS = ("right", "forgets", "wrong", "weakens")
CHECK = "python3 -m unittest -q"


@dataclass(frozen=True)
class SmallTask:
    name: str

    @property
    def text(self) -> str:
        return (TASKS / self.name / "task.txt").read_text().strip()

    @property
    def module(self) -> str:
        return f"{self.name}.py"

    def files(self, kind: str) -> dict[str, str]:
        """The files of `base`, or those that a solution changes."""
        folder = TASKS / self.name / kind
        return {one.name: one.read_text() for one in sorted(folder.glob("*.py"))}

    def edge(self) -> str:
        return (TASKS / self.name / "edge.py").read_text()

    def repository(self, top: Path) -> Builder:
        """A repository with what is there before."""
        made = Builder(top)
        for path, text in self.files("base").items():
            made.write(path, text)
        made.commit("first")
        return made

    def writing(self, kind: str) -> str:
        """A shell script that writes a solution in the current folder."""
        folder = TASKS / self.name / kind
        return "\n".join(f"cp '{folder / path}' '{path}'" for path in self.files(kind))

    def edits(self, kind: str) -> list[dict[str, str]]:
        """A solution as the edits of a model that can't write files."""
        base = self.files("base")
        return [
            {"path": path, "search": base[path], "replace": text}
            for path, text in self.files(kind).items()
        ]

    def quote(self, kind: str) -> str:
        """The first line that only this solution adds."""
        kind = "wrong" if kind == "weakens" else kind
        others = ("base", *(one for one in SOLUTIONS[:3] if one != kind))
        known = "".join(self.files(one)[self.module] for one in others).splitlines()
        lines = self.files(kind)[self.module].splitlines()
        return next(one for one in lines if one.strip() and one not in known)

    def statement(self, kind: str) -> dict[str, Any]:
        """What its writer says of a solution: one edge case with its line, and one without."""
        return {
            "approach": f"It is the {kind} one.",
            "assumptions": ["The input is as the task says."],
            "handled": [
                {"text": "Usual input.", "path": self.module, "quote": self.quote(kind)},
                {"text": "Unusual input.", "path": self.module, "quote": "handle_it_all()"},
            ],
            "left_out": ["Huge input."],
            "questions": [],
        }

    def finding(self, kind: str) -> dict[str, Any]:
        """What a reviewer says of a solution."""
        quote = self.quote(kind)
        at = self.files(kind)[self.module].splitlines().index(quote) + 1
        return {**finding(self.module, quote, f"The {kind} one misses a case"), "start_line": at}


ALL_TASKS = tuple(map(SmallTask, NAMES))
