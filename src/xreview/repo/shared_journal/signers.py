"""Signing with the user's SSH key and checking signatures, like git, with ssh-keygen(1).

Only the *user's* git configuration says who is trusted (`gpg.ssh.allowedSignersFile`,
`user.signingKey`, `gpg.ssh.program`): a repository that could name keys could sign for anyone. The
user's own key is always trusted.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from xreview.domain.errors import JournalError
from xreview.domain.record import dataclass
from xreview.hardening.programs import find_program, is_program, repository_folders
from xreview.repo.hardened.settings import GitSettings
from xreview.repo.repository import Repository

NAMESPACE = "git"
"""Keys are often allowed for git only. What is signed starts with a line that names its kind."""

_FORMAT = "gpg.format"
_KEY = "user.signingkey"
_PROGRAM = "gpg.ssh.program"
_ALLOWED = "gpg.ssh.allowedsignersfile"
_WANTED = "commit.gpgsign"
_SIGNING_SECONDS = 300.0  # the user may have to type a passphrase or touch a token
_CHECKING_SECONDS = 10.0
_MOST_BYTES = 1024 * 1024
_PUBLIC_KEY = re.compile(r"(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[A-Za-z0-9@.-]+ [A-Za-z0-9+/=]+")
_PRINCIPAL = re.compile(r"[^\s\",*?!#\\\x00-\x1f\x7f][^\s\",*?!\\\x00-\x1f\x7f]*")
_PASSED_ON = frozenset(
    (
        *("DISPLAY", "HOME", "LANG", "LOGNAME", "PATH", "TERM", "TMPDIR", "USER"),
        *("SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "SSH_AUTH_SOCK", "SSH_SK_PROVIDER"),
        *("WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"),
    )
)


@dataclass(frozen=True)
class Signers:
    """The user's key and the allowed signers.

    Args:
        program: the path of ssh-keygen; "" if not found.
        key: the user's key, as in `user.signingKey`; "" for none.
        allowed: the content of the file of allowed signers, with the user's own key.
        notices: sentences about what isn't used.
    """

    program: str
    key: str
    allowed: str
    notices: tuple[str, ...] = ()

    @property
    def can_sign(self) -> bool:
        """Whether the user has a key to sign with."""
        return bool(self.program and self.key)

    @property
    def knows_any(self) -> bool:
        """Whether any signature can be checked."""
        return bool(self.program and self.allowed.strip())

    def sign(self, text: bytes) -> str:
        """The user's signature of a text. Raises JournalError."""
        with tempfile.TemporaryDirectory(prefix="xreview-sign-") as name:
            key = Path(self.key).expanduser()
            if literal := _literal(self.key):
                key = Path(name) / "key.pub"
                key.write_text(literal + "\n", "utf-8")
            words = [self.program, "-Y", "sign", "-n", NAMESPACE, "-f", str(key)]
            done = _run(words, text, name, _SIGNING_SECONDS)
        if done.returncode:
            reason = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason"]
            raise JournalError(
                f"The journal can't be signed: {reason[-1]}.",
                "Check user.signingKey in your own git configuration.",
            )
        return done.stdout.decode("ascii", "replace")

    def is_signed_by(self, principal: str, text: bytes, signature: str) -> bool:
        """Whether a key allowed for `principal`, an address, signed the text.

        Raises JournalError if the check fails.
        """
        if not (self.knows_any and signature and _PRINCIPAL.fullmatch(principal)):
            return False
        with tempfile.TemporaryDirectory(prefix="xreview-sign-") as name:
            allowed, file = Path(name) / "allowed", Path(name) / "signature"
            allowed.write_text(self.allowed, "utf-8", "surrogateescape")
            file.write_text(signature, "utf-8", "replace")
            words = [self.program, "-Y", "verify", "-n", NAMESPACE, "-f", str(allowed)]
            words += ["-I", principal, "-s", str(file)]
            return _run(words, text, name, _CHECKING_SECONDS).returncode == 0


def signers_of(repository: Repository) -> Signers:
    """The signers by the user's own configuration."""
    own = repository.settings.users_own
    inside = repository_folders(repository.folder, os.environ)
    key = own.last(_KEY) if own.last(_FORMAT).lower() == "ssh" else ""
    if key and not _literal(key) and not Path(key).expanduser().is_absolute():
        key = ""
    content, notices = _allowed_signers(own, inside)
    return Signers(
        _program(own, inside), key, content + _own_line(own.last("user.email"), key), notices
    )


def _allowed_signers(own: GitSettings, inside: Sequence[Path]) -> tuple[str, tuple[str, ...]]:
    named = own.last(_ALLOWED)
    if not named:
        return "", ()
    path = Path(named).expanduser()
    if not path.is_absolute() or _is_inside(path, inside):
        sentence = (
            f"Allowed signers aren't read from {named}, which the repository could change: "
            f"set {_ALLOWED} to an absolute path elsewhere."
        )
        return "", (sentence,)
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES)
    except OSError as error:
        return "", (f"The allowed signers in {path} can't be read: {error.strerror or error}.",)
    return content.decode("utf-8", "surrogateescape").rstrip("\n") + "\n", ()


def _own_line(address: str, key: str) -> str:
    """The line that allows the user's own key for their own address; "" if unknown."""
    text = _literal(key)
    if key and not text:
        path = Path(key).expanduser()
        public = path if path.suffix == ".pub" else path.with_name(f"{path.name}.pub")
        try:
            with public.open("rb") as file:
                text = file.read(_MOST_BYTES).decode("utf-8", "replace")
        except OSError:
            return ""  # signing reports it
    match = _PUBLIC_KEY.match(text)
    if match is None or not _PRINCIPAL.fullmatch(address):
        return ""
    return f"{address} {match[0]}\n"


def _literal(key: str) -> str:
    """The public key, if the setting is one itself; else ""."""
    text = key.removeprefix("key::")
    return text if _PUBLIC_KEY.match(text) else ""


def _program(own: GitSettings, inside: Sequence[Path]) -> str:
    """The program, never one from the repository; "" if not found."""
    named = own.last(_PROGRAM) or "ssh-keygen"
    if os.sep not in named:
        return str(find_program(named, os.environ, inside) or "")
    path = Path(named).expanduser()
    return str(path) if path.is_absolute() and is_program(path, inside) else ""


def _is_inside(path: Path, folders: Sequence[Path]) -> bool:
    try:
        real = path.resolve()
    except (OSError, RuntimeError):
        return True
    return any(real.is_relative_to(folder.resolve()) for folder in folders)


@dataclass(frozen=True, slots=True)
class CommitSigning:
    """Whether to sign the shared journal's commits, and notices about ignored settings."""

    is_wanted: bool
    notices: tuple[str, ...] = ()


def commit_signing(settings: GitSettings) -> CommitSigning:
    """Whether the user's own configuration asks for signed commits; the repository's is ignored."""
    own = settings.users_own
    if not own.is_true(_WANTED):
        if not settings.is_true(_WANTED):
            return CommitSigning(is_wanted=False)
        notice = (
            "The repository's configuration asks for signed commits, but only your own can: the "
            "journal's commit isn't signed."
        )
        return CommitSigning(False, (notice,))
    ignored = dict.fromkeys(
        setting.key
        for setting in settings.settings
        if setting.is_from_repository
        and (setting.key == _KEY or setting.key.startswith("gpg."))
        and setting.value != own.last(setting.key)
    )
    if not ignored:
        return CommitSigning(is_wanted=True)
    notice = (
        "The journal's commit is signed with your own configuration; the repository's isn't used "
        f"({', '.join(ignored)})."
    )
    return CommitSigning(True, (notice,))


def _run(
    words: Sequence[str], text: bytes, folder: str, seconds: float
) -> "subprocess.CompletedProcess[bytes]":
    environment = {name: value for name, value in os.environ.items() if name in _PASSED_ON}
    try:
        return subprocess.run(
            words,
            input=text,
            cwd=folder,
            env={**environment, "LC_ALL": "C"},
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise JournalError(
            f"{words[0]} can't be used: {error}.", "Check that it runs on its own."
        ) from error
