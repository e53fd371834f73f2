"""A git folder beside the repository that sees the repository's objects and nothing else of it.

Network access and signing happen here. A repository's own configuration can name programs for every
step (`core.sshCommand`, `remote.<name>.uploadpack`, `url.<base>.insteadOf`, `credential.helper`,
`gpg.program`, hooks). Instead of overriding each, none is read: the annex is a fresh bare
repository in a temporary folder, with only the *user's* configuration (as git read it for the
repository, so conditional includes hold).
"""

import os
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from xreview.domain.errors import JournalError
from xreview.domain.record import dataclass
from xreview.repo.hardened.environment import SEARCHED, counted_settings, with_settings
from xreview.repo.hardened.process import Completed, GitProcess
from xreview.repo.hardened.secret_variables import environ_without_keys, forge_keys
from xreview.repo.hardened.settings import GitSettings
from xreview.repo.repository import Repository

NETWORK_SECONDS = 600.0
_USERS_OWN = frozenset(
    (
        *("GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_SSL_CAINFO", "GIT_SSL_NO_VERIFY"),
        *("GIT_ASKPASS", "GIT_TERMINAL_PROMPT", "GIT_HTTP_USER_AGENT", "GIT_PROXY_SSL_CAINFO"),
        *("GIT_CONFIG_PARAMETERS", "GIT_EXEC_PATH"),
    )
)
_FIXED = {
    "GIT_CONFIG_GLOBAL": os.devnull,  # passed one by one instead
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ALLOW_PROTOCOL": "none",  # no transport has that name; `start` allows one
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",  # git's messages are parsed
    "LANGUAGE": "C",
}
_OVERRIDDEN = (
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", ""),
    ("core.alternateRefsCommand", "false"),
    ("core.bigFileThreshold", "8m"),  # larger objects aren't events; keep them out of memory
    ("core.maxTreeDepth", "64"),
    ("fetch.unpackLimit", "1"),  # unpacking would hold each object in memory
    ("fetch.fsckObjects", "true"),
    ("fetch.prune", "false"),
    ("fetch.writeCommitGraph", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("push.followTags", "false"),
    ("push.gpgSign", "false"),
    ("push.recurseSubmodules", "no"),
    ("submodule.recurse", "false"),
)


@dataclass(frozen=True)
class Annex:
    """The git folder at `folder`, with the environment in which git is run there."""

    folder: Path
    environment: Mapping[str, str]

    def start(self, *arguments: str, input: bytes = b"", protocol: str = "") -> GitProcess:
        """Start git there, with network access only by `protocol` ("https", "ssh", "file")."""
        environment = dict(self.environment)
        if protocol:
            environment["GIT_ALLOW_PROTOCOL"] = protocol
            # Only here can the user's credential helper need them.
            environment |= forge_keys(os.environ)
        return GitProcess(arguments, self.folder, environment, input)

    def run(self, *arguments: str, input: bytes = b"") -> bytes:
        """The output of a local command. Raises JournalError if it fails."""
        done = self.start(*arguments, input=input).finish(NETWORK_SECONDS)
        return annex_output(done, f"git {arguments[0]}")


def annex_output(done: Completed, command: str) -> bytes:
    """The output of a git command. Raises JournalError if it failed."""
    if done.code:
        raise JournalError(
            f"`{command}` failed on the shared journal: {done.error.message}", done.error.advice
        )
    return done.output


@contextmanager
def annex_of(repository: Repository) -> Generator[Annex]:
    """A temporary annex. Raises JournalError if it can't be created."""
    objects = _objects_folder(repository)
    try:
        holder = tempfile.TemporaryDirectory(prefix="xreview-annex-")
    except OSError as error:
        raise JournalError(
            f"Can't create a temporary folder: {error.strerror}.", "Free space in TMPDIR."
        ) from error
    with holder as name:
        annex = Annex(Path(name), _environment(repository, Path(name), objects))
        format = repository.settings.last("extensions.objectformat") or "sha1"
        annex.run("init", "--quiet", "--bare", "--template=", f"--object-format={format}")
        yield annex


def _objects_folder(repository: Repository) -> Path:
    done = repository.start("rev-parse", "--git-path", "objects").finish()
    path = os.fsdecode(annex_output(done, "git rev-parse")).removesuffix("\n")
    return (repository.folder / path).resolve()


def _environment(repository: Repository, folder: Path, objects: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in environ_without_keys(os.environ).items()
        if name in _USERS_OWN or not name.startswith(("GIT_", "LC_"))
    }
    for name in SEARCHED:  # already without what belongs to the repository
        kept.pop(name, None)
        if name in repository.environment:
            kept[name] = repository.environment[name]
    kept |= _FIXED
    kept["GIT_DIR"] = str(folder)
    quoted = str(objects).replace("\\", "\\\\").replace('"', '\\"')
    kept["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = f'"{quoted}"'
    name, _, email = repository.actor.partition(" <")
    for role in ("AUTHOR", "COMMITTER"):
        kept[f"GIT_{role}_NAME"] = name
        kept[f"GIT_{role}_EMAIL"] = email.removesuffix(">")
    # Settings of `git -c` reach git unchanged.
    users = (*_users_files(repository.settings), *counted_settings(os.environ))
    return with_settings(kept, (*users, *_OVERRIDDEN))


def _users_files(settings: GitSettings) -> list[tuple[str, str]]:
    """The user's and the machine's settings, with includes resolved."""
    return [
        (setting.key, setting.value)
        for setting in settings.settings
        if setting.scope in ("global", "system")
        and not setting.key.startswith(("include.", "includeif."))
    ]
