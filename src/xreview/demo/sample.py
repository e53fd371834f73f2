"""The sample service, kept as text files of this package (`sample/commits.toml`)."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast

from xreview.domain.record import dataclass

BASE = "main"
_SUFFIX = ".txt"


@dataclass(frozen=True, slots=True)
class SampleCommit:
    """One commit of the sample's history: its author as `Name <address>`, the new files by path."""

    branch: str
    author: str
    message: str
    files: Mapping[str, str]


def sample_commits() -> tuple[SampleCommit, ...]:
    """The history, the oldest commit first."""
    top = files("xreview.demo").joinpath("sample")
    table = tomllib.loads(top.joinpath("commits.toml").read_text("utf-8"))
    return tuple(
        SampleCommit(
            row["branch"],
            row["author"],
            row["message"].strip() + "\n",
            dict(_files(top.joinpath(row["folder"]))),
        )
        for row in cast("list[dict[str, str]]", table["commit"])
    )


def _files(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            yield from _files(entry, f"{path}/")
        elif path.endswith(_SUFFIX):
            yield path.removesuffix(_SUFFIX), entry.read_text("utf-8")
