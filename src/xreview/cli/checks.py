"""The checks of `doctor`, one function per area; they change nothing but probe files."""

import os
import shlex
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from xreview.config.load import Loaded
from xreview.config.paths import CONFIG_DIR, DATA_DIR, Folders
from xreview.config.schema import KEYS
from xreview.domain.errors import XReviewError
from xreview.domain.record import dataclass
from xreview.domain.text import count_of
from xreview.models.local_servers import PORTS_VARIABLE


class State(StrEnum):
    """The result of a check; only `missing` keeps the program from working."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report; `advice` says what to do, if anything."""

    area: str
    name: str
    state: State
    found: str
    advice: str = ""


def check_repository(folder: Path) -> Iterator[Check]:
    """Check the repository that contains the folder."""
    from xreview.repo.repository import find_repository

    try:
        repository = find_repository(folder)
    except XReviewError as error:
        yield Check("repository", "here", State.NOTE, error.message, error.advice)
        return
    found = str(repository.top) if repository.top else f"{repository.git_dir} (bare)"
    yield Check("repository", "here", State.OK, found)
    ignored = (
        "The repository's user.name and user.email are ignored for decisions. Set your name in "
        "your own configuration: git config --global user.name …"
    )
    state, advice = (State.NOTE, ignored) if repository.names_another_actor else (State.OK, "")
    yield Check("repository", "you are", state, repository.actor, advice)


def check_terminal(environ: Mapping[str, str]) -> Iterator[Check]:
    """Check the terminal: type, colours, size, encoding and clipboard."""
    is_terminal = all(os.isatty(descriptor) for descriptor in (0, 1, 2))
    yield Check(
        "terminal",
        "terminal",
        State.OK if is_terminal else State.NOTE,
        "yes" if is_terminal else "no: the app can't run here, but `review` and `export` can",
    )
    kind = environ.get("TERM", "")
    usable = kind not in ("", "dumb", "unknown")
    yield Check(
        "terminal", "TERM", State.OK if usable else State.NOTE, kind or "not set",
        "" if usable else "The app needs a terminal that supports drawing.",
    )  # fmt: skip
    columns, rows = shutil.get_terminal_size()
    yield Check("terminal", "size", State.OK, f"{columns} columns, {rows} rows")
    yield Check("terminal", "colours", State.OK, _colours(environ))
    yield Check("terminal", "encoding", *_encoding())
    yield Check("terminal", "clipboard", State.NOTE, _clipboard(environ))


def _colours(environ: Mapping[str, str]) -> str:
    if "NO_COLOR" in environ:
        return "none (NO_COLOR is set)"
    depth = environ.get("COLORTERM", "")
    if depth in ("truecolor", "24bit"):
        return "16 million"
    return "according to TERM (COLORTERM is " + (f"“{depth}”)" if depth else "not set)")


def _encoding() -> tuple[State, str, str]:
    encoding = sys.stdout.encoding
    if encoding.lower().replace("-", "") == "utf8":
        return State.OK, encoding, ""
    return State.WRONG, encoding, "Use a UTF-8 locale, or lines and symbols will look wrong."


def _clipboard(environ: Mapping[str, str]) -> str:
    is_there = {
        "tmux": "TMUX" in environ,
        "screen": "STY" in environ,
        "ssh": "SSH_CONNECTION" in environ or "SSH_TTY" in environ,
    }
    through = " and ".join(filter(is_there.get, is_there))
    by = f", through {through}" if through else ""
    text = f"copies with OSC 52{by}; the terminal must allow it"
    if "TMUX" in environ:
        text += "; in tmux: set -g set-clipboard on"
    if "STY" in environ:
        text += "; screen doesn't support it"
    return text


def check_configuration(
    loaded: Loaded, folders: Folders, environ: Mapping[str, str]
) -> Iterator[Check]:
    """Check the files and their problems, the variables, the keys, and the reviewers' names."""
    yield Check("configuration", "your file", State.OK, _existing(folders.config_file))
    for path in loaded.files:
        if path != folders.config_file:
            yield Check("configuration", "repository's file", State.OK, str(path))
    for problem in loaded.problems:
        yield Check("configuration", "problem", State.WRONG, str(problem))
    known = {key.environment for key in KEYS} | {CONFIG_DIR, DATA_DIR, PORTS_VARIABLE}
    for name in sorted(environ):
        if name.startswith("XREVIEW_") and name not in known:
            yield Check("configuration", name, State.NOTE, "is set, but isn't a setting")
    yield from _keys(loaded)
    yield from _reviewers(loaded)


def _existing(path: Path) -> str:
    return str(path) if path.exists() else f"{path} (doesn't exist; using defaults)"


def _keys(loaded: Loaded) -> Iterator[Check]:
    from xreview.tui.keys import resolve_key_map

    try:
        resolve_key_map(loaded.settings.keys)
    except XReviewError as error:
        yield Check("configuration", "keys", State.WRONG, error.message, error.advice)
    else:
        count = len(loaded.settings.keys)
        found = f"custom keys for {count_of(count, 'action')}"
        yield Check("configuration", "keys", State.OK, found if count else "the defaults")


def _reviewers(loaded: Loaded) -> Iterator[Check]:
    from xreview.config.reviewers import RESERVED, all_reviewers

    known = (*RESERVED, *all_reviewers(loaded.settings.reviewers))
    for name in loaded.settings.review_with:
        if name in known:
            yield Check("configuration", "reviewer", State.OK, name)
        else:
            advice = f"Use one of: {', '.join(known)}."
            yield Check("configuration", "reviewer", State.WRONG, f"unknown: “{name}”", advice)


def check_themes(loaded: Loaded, folders: Folders) -> Iterator[Check]:
    """Check the themes."""
    from xreview.tui.themes.files import available_themes

    shelf = available_themes(folders.themes)
    state = State.OK if shelf.themes else State.MISSING
    yield Check("themes", "found", state, ", ".join(shelf.themes) or "none")
    for error in shelf.broken:
        yield Check("themes", "broken", State.WRONG, str(error))
    chosen = loaded.settings.theme
    if chosen in shelf.themes:
        yield Check("themes", "chosen", State.OK, chosen)
    else:
        yield Check("themes", "chosen", State.WRONG, f"unknown theme “{chosen}”")


def check_storage(folders: Folders) -> Iterator[Check]:
    """Check the folders and the journal."""
    yield _writable("data folder", folders.data)
    yield _writable("state folder", folders.state)
    yield from _open_to_others(folders)
    yield from _stores(folders.cache / "pulls")
    if not folders.journal.exists():
        yield Check("storage", "journal", State.OK, f"{folders.journal} (none yet)")
        return
    from xreview.journal.store import Journal
    from xreview.journal.stream import newer_sentence

    try:
        with Journal.open(folders.journal) as journal:
            stream = journal.events()
            count = sum(1 for _ in stream)
            broken = journal.verify()
            notice = newer_sentence(stream.newer) or journal.notice
    except XReviewError as error:
        yield Check("storage", "journal", State.MISSING, error.message, error.advice)
        return
    found = f"{folders.journal}: {count_of(count, 'event')}"
    if broken:
        yield Check(
            "storage", "journal", State.WRONG, f"{found}, {count_of(len(broken), 'problem')}: "
            + "; ".join(str(problem) for problem in broken[:3]),
        )  # fmt: skip
    else:
        yield Check("storage", "journal", State.NOTE if notice else State.OK, found, notice)


def _stores(folder: Path) -> Iterator[Check]:
    """Tell how much is kept of pull requests, for clones that can't take their objects."""
    try:
        count = sum(one.is_dir() for one in folder.iterdir())
        size = sum(one.lstat().st_size for one in folder.rglob("*"))
    except OSError:
        return  # none yet, or another process removes one
    found = f"{folder}: {count_of(count, 'store')}, {size / 1_000_000:,.1f} MB"
    advice = "It can be deleted; what isn't used for a month is removed with the next one."
    yield Check("storage", "pull requests", State.OK, found, advice)


def _open_to_others(folders: Folders) -> Iterator[Check]:
    """Check for folders that other users can read; an older version may have created them."""
    for folder in dict.fromkeys((folders.config, folders.data, folders.cache, folders.state)):
        try:
            mode = stat.S_IMODE(folder.stat().st_mode)
        except OSError:
            continue  # missing, or reported above
        if mode & 0o077:
            found = f"other users can access {folder} (mode {mode:03o})"
            advice = f"Run: chmod 700 {shlex.quote(str(folder))}"
            yield Check("storage", "private", State.NOTE, found, advice)


def _writable(name: str, folder: Path) -> Check:
    """Try to create a file in the folder, or in its nearest existing parent."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".xreview-doctor-"):
            pass
    except OSError as error:
        why = f"can't write to {folder}: {error.strerror or error}"
        return Check("storage", name, State.MISSING, why, f"Set {DATA_DIR} to another folder.")
    return Check("storage", name, State.OK, str(folder) + ("" if place == folder else " (not yet)"))


def check_models(
    loaded: Loaded, folders: Folders, environ: Mapping[str, str], folder: Path
) -> Iterator[Check]:
    """Check the models, asking only servers on this machine and no program of the checkout."""
    import asyncio

    from xreview.cli.models import model_lines

    settings = loaded.settings
    try:
        lines = asyncio.run(model_lines(settings, folders, environ, folder))
    except XReviewError as error:
        yield Check("models", "prices", State.WRONG, str(error))
        return
    for line in lines:
        name = line.prospect.identity.name
        # A missing model is wrong only if the settings name it.
        lacking = State.WRONG if name in settings.review_with else State.NOTE
        yield Check("models", name, State.OK if line.is_usable else lacking, line.sentence)
    if not any(line.is_usable for line in lines):
        advice = "Export a vendor's key, or start a model server; see `xreview-tui models`."
        yield Check("models", "none", State.NOTE, "only the analysers review", advice)


def check_analysers() -> Iterator[Check]:
    """Check the analysers' engines."""
    from xreview.analysers.engines import examine

    for engine in examine():
        if engine.is_available:
            yield Check("analysers", engine.name, State.OK, engine.version)
        else:
            state = State.NOTE if engine.is_optional else State.MISSING
            yield Check("analysers", engine.name, state, engine.why_missing, engine.advice)
