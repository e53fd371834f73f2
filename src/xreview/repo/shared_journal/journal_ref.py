"""The shared journal of a repository: files under one reference that is never rewritten.

`refs/xreview/journal` points to a commit whose tree has one file for each event (in the form of
`domain.events.shared_event`). The union of two journals is a commit with all files of both and both
as parents, so clones reach the same set in whatever order they sync. Everything runs in an annex;
only new objects and the reference reach the repository.
"""

import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from xreview.domain.errors import ChangeError, JournalError, UsageError
from xreview.domain.events.shared_event import is_origin, is_what_its_name_says, key_in, origin_file
from xreview.repo.hardened.process import Completed
from xreview.repo.repository import Repository
from xreview.repo.shared_journal.annex import NETWORK_SECONDS, Annex, annex_of, annex_output
from xreview.repo.shared_journal.journal_tree import (
    FileSet,
    SharedFile,
    parse_listing,
    too_much,
    within_budget,
    write_trees,
)
from xreview.repo.shared_journal.remote import REMOTE, Remote, TransferDirection, remote_of
from xreview.repo.shared_journal.signers import CommitSigning, commit_signing

REFERENCE = "refs/xreview/journal"
_THEIRS = "refs/xreview/theirs"
_BATCH_BYTES = 32 * 1024 * 1024
LISTING_SECONDS = 8.0
"""400,000 files take two."""
_LISTING_BYTES = 512 * 1024 * 1024
_MOST_ROOTS = 100
_EMPTY_PACK = b"\0\0\0\0"
_LOST_RACE = re.compile(
    r"fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value|stale"
)


class OvertakenError(JournalError):
    """Someone else pushed in the meantime: fetch, unite, and retry."""


class SharedJournal:
    """The shared journal of a repository, opened by `shared_journal`.

    `tip` is the commit of the repository's reference, if any; `left_out` counts the entries read so
    far that can't be shared files, `unread` the files beyond the budget of one run. All methods
    raise JournalError.
    """

    def __init__(self, repository: Repository, annex: Annex) -> None:
        self._repository = repository
        self._annex = annex
        self.left_out = 0
        self.unread = 0
        self.tip = _commit_at(repository, REFERENCE)
        if self.tip:
            annex.run("update-ref", REFERENCE, self.tip)

    def remote(self, word: str, direction: TransferDirection, cwd: Path) -> Remote:
        """The remote for a word of the command line. Raises UsageError."""
        return remote_of(self._repository, self._annex, word, direction, cwd)

    @property
    def signing(self) -> CommitSigning:
        """Whether commits are signed, with notices about it."""
        return commit_signing(self._repository.settings)

    def fetch(self, remote: Remote) -> str | None:
        """Fetch the remote's journal; returns its commit, or None if it has none yet."""
        done = remote.annex.start(
            *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules"),
            *("--no-write-fetch-head", "--no-auto-maintenance"),
            f"--upload-pack={_upload_pack(remote)}",
            REMOTE,
            # A pattern may match nothing: a remote without a journal isn't a failure.
            f"+{REFERENCE}*:{_THEIRS}*",
            protocol=remote.protocol,
        ).finish(NETWORK_SECONDS)
        if done.code:
            raise _unreachable("fetched from", remote, done)
        return _commit_at(self._annex, _THEIRS)

    def files(self, commit: str | None, known: FileSet | None = None) -> dict[str, SharedFile]:
        """The shared files of a commit by path.

        `known` ones are already checked; others whose content doesn't match their name are skipped.
        """
        if commit is None:
            return {}
        listed, left_out = self._listing(commit)
        known = known or {}
        fresh = [file for file in listed if known.get(file.path) != file]
        # Push records come first, so that no event is taken for unsigned.
        fresh.sort(key=lambda file: key_in(file.path) is not None)
        readable = within_budget(fresh)
        if unread := fresh[len(readable) :]:
            self.unread += len(unread)
            fresh, gone = readable, {file.path for file in unread}
            listed = [file for file in listed if file.path not in gone]
        read = self.contents(fresh)
        wrong = {path for path, content in read if not is_what_its_name_says(path, content)}
        self.left_out += left_out + len(wrong)
        return {file.path: file for file in listed if file.path not in wrong}

    def own_files(self) -> dict[str, SharedFile]:
        """The files of the repository's own reference, which were checked before."""
        if self.tip is None:
            return {}
        listed, left_out = self._listing(self.tip)
        self.left_out += left_out
        return {file.path: file for file in listed}

    def _listing(self, commit: str) -> tuple[list[SharedFile], int]:
        listing = self._annex.start("ls-tree", "-r", "-z", "-l", "--full-tree", commit)
        # A tree can be crafted so that walking it never ends and prints nothing.
        listing.bound(LISTING_SECONDS, _LISTING_BYTES)
        try:
            listed = parse_listing(listing.chunks())
        except ChangeError as error:
            raise too_much(f"Listing it failed ({error.message}).") from error
        finally:
            listing.close()
        if listing.is_late:
            raise too_much(f"Listing it took more than {LISTING_SECONDS:g} seconds.")
        return listed

    def contents(self, files: Iterable[SharedFile]) -> Iterator[tuple[str, bytes]]:
        """Path and content of files, read in bounded batches."""
        batch: list[SharedFile] = []
        size = 0
        for file in files:
            if batch and size + file.size > _BATCH_BYTES:
                yield from self._batch(batch)
                batch, size = [], 0
            batch.append(file)
            size += file.size
        yield from self._batch(batch)

    def store(self, contents: Mapping[str, bytes]) -> dict[str, SharedFile]:
        """Store new files in git, given as path → content."""
        if not contents:
            return {}
        marks = self._annex.folder / "marks"
        stream = b"".join(
            b"blob\nmark :%d\ndata %d\n%b\n" % (number, len(content), content)
            for number, content in enumerate(contents.values(), start=1)
        )
        self._annex.run("fast-import", "--quiet", f"--export-marks={marks}", input=stream)
        ids = dict(row.split() for row in marks.read_text("ascii").splitlines())
        return {
            path: SharedFile(path, ids[f":{number}"], len(content))
            for number, (path, content) in enumerate(contents.items(), start=1)
        }

    def origins(self) -> dict[str, bytes]:
        """The files that name this repository's first commits; {} if unknown: in a shallow clone or
        without commits."""
        if self._repository.is_shallow:
            return {}
        words = ("rev-list", "--max-parents=0", f"--max-count={_MOST_ROOTS}")
        listed = self._repository.start(*words, "--branches", "--remotes", "--tags")
        roots = annex_output(listed.finish(NETWORK_SECONDS), "git rev-list").decode().split()
        return dict(map(origin_file, roots))

    def refuse_stranger(self, theirs: FileSet) -> None:
        """Raise UsageError if the files are the journal of another repository."""
        their_origins = {path for path in theirs if is_origin(path)}
        ours = self.origins().keys()
        if their_origins and ours and their_origins.isdisjoint(ours):
            raise UsageError(
                "The remote's journal belongs to another repository: no first commit is the same.",
                "Name the remote of this repository.",
            )

    def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether a commit is an ancestor of another, or the same."""
        done = self._annex.start("merge-base", "--is-ancestor", older, newer).finish()
        if done.code not in (0, 1):
            annex_output(done, "git merge-base")
        return done.code == 0

    def commit(self, files: FileSet, parents: Sequence[str], message: str) -> str:
        """Commit the files, signed if the user's configuration says so."""
        tree = write_trees(files, self._make_trees)
        words = [word for parent in parents for word in ("-p", parent)]
        if self.signing.is_wanted:
            words.append("-S")
        committing = self._annex.start("commit-tree", *words, tree, input=message.encode())
        done = committing.finish(NETWORK_SECONDS)
        if done.code:
            raise _not_committed(done, is_signed=self.signing.is_wanted)
        return done.output.decode().strip()

    def push(self, remote: Remote, commit: str) -> None:
        """Push a commit as the remote's journal. Raises OvertakenError if someone was faster."""
        done = remote.annex.start(
            *("push", "--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no"),
            f"--receive-pack={_receive_pack(remote)}",
            REMOTE,
            f"{commit}:{REFERENCE}",
            protocol=remote.protocol,
        ).finish(NETWORK_SECONDS)
        if not done.code:
            return
        rows = done.output.decode("utf-8", "replace").splitlines()
        refusals = [row for row in rows if row[:2] == "!\t"]
        if any(_LOST_RACE.search(row) for row in refusals):
            raise OvertakenError(
                "Someone else pushed to the journal at the same time.", "Try again."
            )
        if refusals:
            reason = refusals[0].rpartition("\t")[2]
            raise JournalError(
                f"{remote.addresses[-1].shown} refused the journal: {reason}.",
                f"Ask its administrator whether pushing {REFERENCE} is allowed.",
            )
        raise _unreachable("pushed to", remote, done)

    def adopt(self, commit: str) -> None:
        """Copy a commit with its files to the repository and make it the journal's tip."""
        if commit == self.tip:
            return
        wanted = f"{commit}\n" + (f"^{self.tip}\n" if self.tip else "")
        pack = self._annex.run(
            *("pack-objects", "--quiet", "--window=0", "--revs", "--local", "--stdout"),
            input=wanted.encode(),
        )
        if pack[8:12] != _EMPTY_PACK:
            unpacked = self._repository.start("index-pack", "--stdin", input=pack)
            annex_output(unpacked.finish(NETWORK_SECONDS), "git index-pack")
        move = ("update-ref", "-m", "xreview-tui log", REFERENCE, commit)
        if self._repository.start(*move, self.tip or "0" * len(commit)).finish().code:
            raise OvertakenError(
                "Another program updated the journal's reference at the same time.", "Try again."
            )
        self._annex.run("update-ref", REFERENCE, commit)
        self.tip = commit

    def _batch(self, files: Sequence[SharedFile]) -> Iterator[tuple[str, bytes]]:
        if not files:
            return
        asked = "".join(f"{file.id}\n" for file in files).encode()
        output = self._annex.run("cat-file", "--batch", input=asked)
        place = 0
        for file in files:
            header = f"{file.id} blob {file.size}\n".encode()
            if output[place : place + len(header)] != header:
                raise JournalError(
                    f"The shared journal's object {file.id} is missing or damaged.",
                    "Run `git fsck`.",
                )
            place += len(header)
            yield file.path, output[place : place + file.size]
            place += file.size + 1

    def _make_trees(self, stream: bytes) -> list[str]:
        return self._annex.run("mktree", "-z", "--batch", input=stream).decode().split()


@contextmanager
def shared_journal(repository: Repository) -> Generator[SharedJournal]:
    """The shared journal of a repository. Raises JournalError."""
    with annex_of(repository) as annex:
        yield SharedJournal(repository, annex)


def _commit_at(place: Repository | Annex, reference: str) -> str | None:
    found = place.start("rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")
    return found.finish().output.decode().strip() or None


def _upload_pack(remote: Remote) -> str:
    """The command at the other end. On this machine it must keep huge files out of memory."""
    if remote.protocol == "file":
        return (
            "git -c core.bigFileThreshold=8m -c pack.window=0 "
            "-c core.alternateRefsCommand=false upload-pack"
        )
    return "git-upload-pack"


def _receive_pack(remote: Remote) -> str:
    """The command at the other end. On this machine it runs as the user, so it skips the hooks and
    commands of that repository's owner."""
    if remote.protocol == "file":
        return (
            "git -c core.hooksPath=/dev/null -c core.alternateRefsCommand=false "
            "-c core.fsmonitor= -c gc.auto=0 -c maintenance.auto=false receive-pack"
        )
    return "git-receive-pack"


def _unreachable(what: str, remote: Remote, done: Completed) -> JournalError:
    shown = remote.addresses[-1].shown if what == "pushed to" else remote.addresses[0].shown
    return JournalError(
        f"The journal couldn't be {what} {shown}: {done.complaint}",
        f"Check that `git ls-remote {shown}` works.",
    )


def _not_committed(done: Completed, *, is_signed: bool) -> JournalError:
    if is_signed:
        return JournalError(
            f"The journal's commit can't be signed: {done.complaint}",
            "Fix your signing key, or set commit.gpgSign to false in your own configuration.",
        )
    return JournalError(
        f"The journal can't be committed: {done.complaint}",
        "Set your name and address: git config --global user.email you@example.org.",
    )
