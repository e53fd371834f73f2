"""What the author of a pull request says about a finding in its thread, as a stance."""

import re
from functools import reduce

from xreview.domain.own_findings import as_reviewer
from xreview.domain.pull.discussion import RemoteComment, ReviewThread
from xreview.domain.pull.prose import prose_of
from xreview.domain.pull.pull import ForgeAccount
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.domain.stance import Stance, StanceKind
from xreview.domain.text import shorten

LONGEST_ARGUMENT = 2_000
"""Characters of a reply that are kept; the whole thread is shown anyway."""

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
_QUOTED = re.compile(r"^>.*$", re.MULTILINE)
_CODE = re.compile(r"`[^`\n]*`")
_AGAINST = (
    r"won'?t ?fix|(?:not|isn'?t) (?:a |an |really )?(?:bug|issue|problem)|by design|on purpose|"
    r"intended|intentional|deliberate|false positive|disagree|don'?t agree|not needed|no need|"
    r"(?:can'?t|cannot|can never|never) happen|doesn'?t apply|not applicable|out of scope|"
    r"leav(?:e|ing) (?:it|this|that) as|works as|as expected|not going to|not true|incorrect|"
    r"already (?:handled|checked|validated|covered)"
)
_FOR = (
    r"fixed|done|good (?:catch|point|find|call)|nice catch|you'?re right|you are right|agreed?|"
    r"addressed|will (?:fix|do|change|update|add)|changed|updated|resolved|my mistake|makes sense|"
    r"true|oops|right,"
)
_NOT_FOR = re.compile(
    r"(?:not|isn'?t|never|don'?t|can'?t|won'?t be|nothing to be|could be|should be|to be|already)"
    rf" (?:{_FOR})\b"
)
_REBUTS = re.compile(rf"\b(?:{_AGAINST})\b")
_CONCEDES = re.compile(rf"\b(?:{_FOR})(?!\w)")


def stance_of_author(thread: ReviewThread, author: ForgeAccount) -> Stance | None:
    """The author's stance on what somebody else raised; None if the author hasn't replied.

    The last reply that takes a side counts. One that takes none leaves the author silent, with the
    reply as the argument.
    """
    if thread.author.key == author.key:
        return None
    replies = [one for one in thread.replies if one.author.key == author.key]
    if not replies:
        return None
    said = reduce(lambda held, one: _side_of(one) or held, replies, None)
    kind, reply = said or (StanceKind.SILENT, replies[-1])
    argument = shorten(prose_of(reply.body).strip(), LONGEST_ARGUMENT)
    if kind is StanceKind.SILENT:
        argument = f"replied without a clear side: {argument}"
    return Stance(party_of(author), kind, argument)


def party_of(author: ForgeAccount) -> ReviewerIdentity:
    """The author of a pull request as the party of a stance."""
    if author.is_bot:
        return ReviewerIdentity(author.login, ReviewerKind.AGENT, "")
    return as_reviewer(author.login)


def _side_of(reply: RemoteComment) -> tuple[StanceKind, RemoteComment] | None:
    kinds = _kinds_in(reply.body)
    return (kinds.pop(), reply) if len(kinds) == 1 else None


def _kinds_in(body: str) -> set[StanceKind]:
    words = _prose(body)
    against = _REBUTS.search(words) is not None
    words = _REBUTS.sub(" ", _NOT_FOR.sub(" ", words))
    found = {StanceKind.REBUTS} if against else set[StanceKind]()
    return found | ({StanceKind.CONCEDES} if _CONCEDES.search(words) else set())


def _prose(body: str) -> str:
    """The reply's own words, in lower case: without code and what it quotes."""
    text = body[:LONGEST_ARGUMENT]
    for pattern in (_FENCE, _QUOTED, _CODE):
        text = pattern.sub(" ", text)
    return " ".join(text.replace("’", "'").lower().split())
