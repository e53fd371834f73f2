"""What each start imports, in real processes: a new module on the way to the first frame is named,
and who imported it. How long it takes is for `bench/`.

A stage is a command line, the module whose import ends it (nothing before the first frame needs
it), and what may be there by then.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.repo.builder import Builder

_HEAVY = """
    argparse asyncio ast bz2 concurrent ctypes dataclasses datetime decimal difflib dis email
    getpass gettext hashlib html http importlib.metadata importlib.resources inspect json logging
    lzma multiprocessing pickle platform random shlex shutil socket sqlite3 ssl statistics tempfile
    tokenize tomllib traceback unittest uuid xml zipfile
"""
HEAVY = frozenset(_HEAVY.split())
"""Modules of the standard library that take a millisecond or more; the others don't count."""

_OF_THE_ENVIRONMENT = ("_distutils_hack", "sitecustomize", "usercustomize")

RECORDER = """
import atexit, json, os, sys

importers, stop, place = {}, sys.argv[1], sys.argv[2]


def tell():
    with open(place, "w") as file:
        json.dump({name: by for name, by in importers.items() if name in sys.modules}, file)


class Recorder:
    def find_spec(self, name, path=None, target=None):
        frame = sys._getframe(1)
        while frame is not None and "importlib" in frame.f_code.co_filename:
            frame = frame.f_back
        importers.setdefault(name, frame.f_globals.get("__name__") if frame else "?")
        if name == stop:
            del importers[name]
            tell()
            os._exit(0)


del sys.argv[1:3]
sys.meta_path.insert(0, Recorder())
atexit.register(tell)
from xreview.__main__ import main
sys.exit(main())
"""


@dataclass(frozen=True)
class Stage:
    """A start, and what it may import: heavy modules of the standard library, and our own."""

    words: tuple[str, ...]
    end: str
    heavy: frozenset[str]
    own: frozenset[str]
    is_on_terminal: bool = False


_COMMAND_LINE = "__main__ cli cli.main cli.output domain domain.errors domain.text"
_PARSER = (
    "cli.import_options cli.options cli.parser cli.pull_options cli.tree config config.paths "
    "domain.record"
)
STAGES = {
    "version": Stage(
        ("--version",),
        "",
        frozenset({"argparse", "bz2", "gettext", "lzma", "shutil"}),
        frozenset(f"{_COMMAND_LINE} {_PARSER}".split()),
    ),
    "first frame": Stage(
        (),
        "xreview.cli.options",  # the settings that it doesn't show
        frozenset({"ctypes", "datetime", "tomllib"}),
        frozenset(
            f"""{_COMMAND_LINE} cli.app cli.terminal config config.document config.look config.paths
            config.remembered domain.change domain.inside domain.record hardening
            hardening.programs repo repo.change repo.change.collecting repo.change.comparison
            repo.change.declared_binary repo.change.request repo.change.revisions
            repo.change.sources repo.change.untracked repo.diff repo.diff.file_header
            repo.diff.file_names repo.diff.git_diff repo.files repo.files.worktree repo.hardened
            repo.hardened.environment repo.hardened.git_errors repo.hardened.process
            repo.hardened.processes repo.hardened.secret_variables repo.hardened.settings
            repo.hardened.signals repo.hardened.special_files repo.hardened.stale_variables
            repo.repository tui tui.collector tui.launch tui.screens tui.screens.triage
            tui.screens.triage.splits tui.terminal tui.terminal.first_frame tui.terminal.heap
            tui.themes tui.themes.files tui.widgets tui.widgets.diff tui.widgets.diff.blocks
            tui.widgets.diff.rows tui.widgets.diff.text""".split()
        ),
        is_on_terminal=True,
    ),
}


def importers_of(stage: Stage, folder: Path) -> dict[str, str]:
    """Who imported each module, in the order of the imports."""
    project = Builder(folder / "project")
    project.write("a.py", "print(1)\n")
    project.commit("first")
    project.write("a.py", "print(2)\n")
    recorder, place = folder / "recorder.py", folder / "importers.json"
    recorder.write_text(RECORDER)
    program = Program(folder / "home", project.top)
    command = [sys.executable, str(recorder), stage.end, str(place), *stage.words]
    if stage.is_on_terminal:
        program.command = lambda *_: command
        program.run_on_terminal()
    else:
        env = program.environ
        subprocess.run(command, cwd=project.top, env=env, check=True, stdout=subprocess.DEVNULL)
    return json.loads(place.read_text())


def too_many(found: dict[str, str], stage: Stage) -> list[str]:
    """A line for each module that the stage may not import: `x, imported by y`."""
    told: list[str] = []
    for name, importer in found.items():
        package, _, below = name.partition(".")
        if package == "xreview":
            is_allowed = not below or below in stage.own
        elif package in sys.stdlib_module_names:
            is_allowed = name not in HEAVY - stage.heavy
        else:
            is_allowed = package in _OF_THE_ENVIRONMENT
        if not is_allowed:
            told.append(f"{name}, imported by {importer}")
    return told


@pytest.mark.parametrize("name", STAGES)
def test_a_start_imports_nothing_that_it_does_not_need(tmp_path, name):
    found = importers_of(STAGES[name], tmp_path)
    told = too_many(found, STAGES[name])
    assert not told, (
        f"New on the way to {name!r} (import it in the function that needs it, or allow it "
        "here):\n  " + "\n  ".join(told)
    )
    own = {one.removeprefix("xreview.") for one in found if one.startswith("xreview.")}
    assert STAGES[name].own <= own | {"xreview"}, (
        f"No longer imported for {name!r}: remove it here: {sorted(STAGES[name].own - own)}"
    )


def test_a_culprit_is_named_with_who_imported_it():
    stage = Stage((), "", frozenset({"json"}), frozenset({"cli"}))
    found = {"xreview": "a", "xreview.cli": "b", "xreview.models": "xreview.cli", "json": "c"}
    found |= {"ssl": "xreview.models", "httpx": "xreview.models", "errno": "d"}
    assert too_many(found, stage) == [
        "xreview.models, imported by xreview.cli",
        "ssl, imported by xreview.models",
        "httpx, imported by xreview.models",
    ]
