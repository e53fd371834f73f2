"""From git's error messages to a sentence and advice: one table for every git command.

git runs with LC_ALL=C, so messages are those of its source. The first row that matches anywhere in
standard error applies; causes come before consequences ("bad index version 9" before "index file
corrupt").
"""

import re
import shlex
import signal
from dataclasses import dataclass

from xreview.domain.errors import ChangeError

_UPDATE = "A newer git wrote this. Update git; `xreview-tui doctor` shows which one is used."
_INDEX = (
    "Move it away (`mv .git/index .git/index.damaged`), run `git reset`, and stage your changes "
    "again."
)
_PERMISSION = "Check its permissions and owner."


@dataclass(frozen=True, slots=True)
class _Row:
    """An error: `message` and `advice` may use the pattern's groups; "" for the caller's advice."""

    pattern: re.Pattern[str]
    message: str
    advice: str


def _row(pattern: str, message: str, advice: str = "") -> _Row:
    return _Row(re.compile(pattern, re.MULTILINE), message, advice)


_TABLE = (
    # revisions on the command line
    _row(
        r"no upstream configured for branch '(?P<branch>.*)'",
        "The branch {branch} has no upstream.",
        "Name what to compare with (--base main), or set an upstream with "
        "`git branch --set-upstream-to=origin/main`.",
    ),
    _row(
        r"HEAD does not point to a branch",
        "No branch is checked out, so there is no upstream.",
        "Name what to compare with: --base main.",
    ),
    _row(
        r"upstream branch '(?P<branch>.*)' not stored as a remote-tracking branch",
        "The upstream of this branch, {branch}, isn't in this repository.",
        "Run `git fetch`, or name what to compare with: --base main.",
    ),
    _row(
        r"no such branch: '(?P<branch>.*)'",
        "There is no branch {branch}.",
        "Run `git branch --all` to list them.",
    ),
    _row(
        r"log for '?(?P<name>.*?)'? only has (?P<count>\d+) entries",
        "The reflog of {name} has only {count} entries.",
        "Run `git reflog` to see them.",
    ),
    _row(
        r"log for '?(?P<name>.*?)'? is empty",
        "The reflog of {name} is empty.",
        "Name a commit or a branch instead.",
    ),
    # programs the user configures
    _row(
        r"git-lfs(?:: |' )?.*(?:not found|No such file|cannot run)|cannot run git-lfs",
        "Your git configuration needs git-lfs for some of these files, but it isn't installed.",
        "Install git-lfs, or remove it from your configuration with `git lfs uninstall`.",
    ),
    _row(
        r"(?:clean|smudge|external) filter '(?P<filter>.*)' failed",
        "The filter program “{filter}” of your git configuration failed.",
        "Fix or remove it: `git config --show-origin --get-regexp '^filter'`.",
    ),
    _row(
        r"^fatal: the remote end hung up unexpectedly",
        "A filter program of your git configuration ended too early.",
        "Fix or remove it: `git config --show-origin --get-regexp '^filter'`.",
    ),
    # written by a newer git
    _row(
        r"index uses (?P<name>.{1,8}) extension, which we do not understand",
        "The index uses an extension ({name}) that this git doesn't support.",
        _UPDATE,
    ),
    _row(
        r"bad index version (?P<version>\d+)",
        "The index has version {version}, which this git doesn't support.",
        _UPDATE,
    ),
    _row(
        r"unknown repository extensions? found:\s+(?P<name>.*)"
        r"|v1-only extensions? found:\s+(?P<older>.*)"
        r"|invalid value for '(?P<key>extensions\..*)': '(?P<value>.*)'",
        "This git doesn't support an extension of the repository: {name}{older}{key} {value}.",
        _UPDATE,
    ),
    _row(
        r"Expected git repo version <= (?P<known>\d+), found (?P<found>\d+)",
        "The repository has format {found}, but this git supports at most {known}.",
        _UPDATE,
    ),
    # configuration
    _row(
        r"bad config line (?P<line>\d+) in (?:file )?(?P<file>.+?)\.?$",
        "git's configuration can't be read: line {line} of {file} is malformed.",
        "Fix that line.",
    ),
    _row(
        r"bad (?:\w+ )?config (?:variable|value) (?:'(?P<value>.*?)' for )?'(?P<key>.*?)'"
        r"(?: in file (?P<file>.*?))?(?: at line (?P<line>\d+))?(?::.*)?$",
        "git's configuration can't be read: {key} has an invalid value (“{value}”).",
        "Fix it. `git config --show-origin --get-all {quoted}` shows where it is.",
    ),
    _row(
        r"^error: key does not contain (?:a section|variable name): (?P<key>.*)",
        "git's configuration can't be read: “{key}” isn't a setting.",
        "Fix the file. `git config --list --show-origin` shows which files are read.",
    ),
    _row(
        r"^fatal: unable to access '(?P<file>.*)': (?P<why>.*)",
        "{file} can't be read: {why}.",
        _PERMISSION,
    ),
    # the worktree and the index
    _row(
        r"^error: open\(\"(?P<file>.*)\"\): (?P<why>.*)",
        "The file {file} can't be read: {why}.",
        _PERMISSION + " The change can't be read until git can read all of it.",
    ),
    _row(
        r"^(?:fatal|error): (?P<file>.*): (?:index file open failed"
        r"|(?:unable to map|cannot stat the open) index(?: file)?): (?P<why>.*)",
        "The index, {file}, can't be read: {why}.",
        _PERMISSION,
    ),
    _row(
        r"index file smaller than expected|bad signature 0x|bad index file sha1|index file corrupt"
        r"|unordered stage entries|malformed name field in the index",
        "The index of this repository is damaged.",
        _INDEX,
    ),
    _row(
        r"Unable to create '(?P<file>.*\.lock)': File exists",
        "Another git process is running here, or one was interrupted: {file} exists.",
        "Wait until it ends. If none is running, delete that file.",
    ),
    # the repository
    _row(
        r"dubious ownership in repository at '(?P<top>.*)'|unsafe repository \('(?P<older>.*)' is",
        "The repository {top}{older} belongs to another user, so git doesn't read it.",
        "If you trust it: git config --global --add safe.directory {quoted}",
    ),
    _row(
        r"invalid gitfile format: (?P<file>.*)|too large to be a \.git file: '(?P<other>.*)'",
        "{file}{other} isn't a git folder, and doesn't name one.",
        "Fix it, or clone the repository again.",
    ),
    _row(
        r"^fatal: not a git repository: '?(?P<folder>[^'\n]*)'?$",
        "The git folder of this worktree, {folder}, is missing or isn't a git folder.",
        "If it was moved, run `git worktree repair` there.",
    ),
    # this machine
    _row(
        r"Unable to read current working directory",
        "The current folder no longer exists.",
        "Change to another one and try again.",
    ),
    _row(
        r"Too many open files",
        "git couldn't open a file: too many files are open.",
        "Raise the limit (`ulimit -n 4096`) and try again.",
    ),
    _row(r"No space left on device|Disk quota exceeded", "The disk is full.", "Free some space."),
    _row(
        r"[Oo]ut of memory|Cannot allocate memory",
        "git ran out of memory.",
        "Close other programs, or review a smaller part of the change.",
    ),
    # objects: last, because many of the causes above make them look missing
    _row(
        r"(?:object|packed object|loose object) (?P<id>[0-9a-f]{7,64}) .*is corrupt"
        r"|unable to unpack (?P<header>[0-9a-f]{7,64}) header"
        r"|(?:hash|sha1) mismatch (?P<hash>[0-9a-f]{7,64})",
        "The repository is damaged: object {id}{header}{hash} is corrupt.",
        "Run `git fsck`, and fetch or clone it again.",
    ),
    _row(
        r"file (?P<pack>\S+\.pack) is far too short|index file (?P<idx>\S+\.idx) is too small"
        r"|packfile (?P<other>\S+\.pack) (?:claims|cannot|index)",
        "The repository is damaged: {pack}{idx}{other} is truncated.",
        "Run `git fsck`, and fetch or clone it again.",
    ),
    _row(
        r"unable to read (?:tree )?\(?(?P<id>[0-9a-f]{7,64})\)?"
        r"|could not (?:get object info|read object)[^0-9a-f]*(?P<info>[0-9a-f]{7,64})"
        r"|bad object (?P<name>\S+)|missing blob object '(?P<blob>\w+)'",
        "Object {id}{info}{name}{blob} is missing from this repository or can't be read.",
    ),
)


def failure(command: str, said: str, code: int, advice: str) -> ChangeError:
    """Return the error of a git command that failed.

    Args:
        command: "git diff".
        said: its standard error.
        code: its exit status, negative for a signal.
        advice: what to do about an error that isn't in the table.
    """
    if known := known_failure(said, advice):
        return known
    if code < 0 and not said.strip():
        return ChangeError(f"`{command}` was ended ({_signal(-code)}).", "Try again.")
    return ChangeError(f"`{command}` failed: {sentence(said)}", advice)


def known_failure(said: str, advice: str) -> ChangeError | None:
    """Return the table's error for git's standard error; None if no row matches."""
    for row in _TABLE:
        if match := row.pattern.search(said):
            groups = {name: text or "" for name, text in match.groupdict().items()}
            # A user may paste it, and the repository chose the text.
            pasted = (groups.get(name, "") for name in ("top", "older", "key"))
            groups["quoted"] = shlex.quote(next(filter(None, pasted), ""))
            message = re.sub(r" +(?=\.$)", "", row.message.format(**groups))
            return ChangeError(message, row.advice.format(**groups) or advice)
    return None


def sentence(said: str) -> str:
    """The last complaint in git's standard error, without its prefix."""
    rows = said.strip().splitlines()
    fatal = [row for row in rows if row.startswith(("fatal: ", "error: "))]
    row = (fatal or rows or ["it gave no reason"])[-1]
    return row.removeprefix("fatal: ").removeprefix("error: ")


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
