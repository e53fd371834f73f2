"""Pushed and signed ends of the journal."""

from xreview.domain.errors import JournalError
from xreview.domain.events.codec import to_json
from xreview.domain.events.shared_event import canonical_line
from xreview.domain.events.shared_push import JournalHead, address_in, is_push, read_push
from xreview.journal.heads import KeptHead, SignedHead
from xreview.journal.store import Journal
from xreview.repo.repository import Repository
from xreview.repo.shared_journal.journal_ref import shared_journal
from xreview.repo.shared_journal.signers import signers_of

_TAG = b"xreview-tui/journal/end/1\n"


def pushed_ends(repository: Repository) -> tuple[JournalHead, ...]:
    """The ends of journals, of this and other machines, in a repository's shared journal as last
    fetched. Raises JournalError."""
    with shared_journal(repository) as shared:
        if shared.tip is None:
            return ()
        files = (file for path, file in shared.own_files().items() if is_push(path))
        found: list[JournalHead] = []
        for path, content in shared.contents(files):
            try:
                record = read_push(path, content)
            except ValueError:
                continue  # `log pull` reports it
            if record is not None and record.head is not None:
                found.append(record.head)
        return tuple(found)


def sign_end(journal: Journal, repository: Repository) -> JournalHead:
    """Sign the end of the journal with the user's SSH key. Raises JournalError."""
    signers, head = signers_of(repository), journal.end()
    if head is None:
        raise JournalError(
            "The journal doesn't continue from where it last ended: nothing was signed.",
            "See `xreview-tui log verify`.",
        )
    if not signers.can_sign:
        raise JournalError(
            "No SSH key to sign with.",
            "Set gpg.format to ssh and user.signingKey in your own git configuration.",
        )
    by = address_in(repository.actor)
    journal.keep_signed(SignedHead(head, by, signers.sign(_text(head))))
    return head


def signature_in_words(repository: Repository, kept: KeptHead) -> str:
    """A sentence about the signature of the recorded end; "" if it has none."""
    if (signed := kept.signed) is None:
        return ""
    signers = signers_of(repository)
    if signers.is_signed_by(signed.by, _text(signed.head), signed.signature):
        return f"Its end at row {signed.head.row:,} is signed by {signed.by}."
    return f"The signature of its end at row {signed.head.row:,} isn't by a key you allow."


def _text(head: JournalHead) -> bytes:
    return _TAG + canonical_line(to_json(head))
