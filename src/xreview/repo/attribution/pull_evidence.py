"""What a pull request says of who wrote it: its account, its description, its branch.

All of it is about the whole change, and the account that opened the request can write what it
likes, so it counts only where nothing in git names a vendor.
"""

from xreview.domain.authorship.author import Evidence, EvidenceKind
from xreview.domain.pull.pull import Pull
from xreview.domain.record import replace
from xreview.repo.attribution.evidence.branch import branch_evidence
from xreview.repo.attribution.signatures.identities import writer_of
from xreview.repo.attribution.signatures.message import message_evidence
from xreview.repo.change.history import CommitDetails, Person

_NOBODY = Person("", "", None)


def pull_evidence(pull: Pull) -> tuple[Evidence, ...]:
    """The evidence in a pull request, by the rules for commits (`signatures`)."""
    login = pull.author.login
    # Agents' accounts are known by the address that GitHub gives to commits made on its pages.
    by = writer_of(login, f"{login}@users.noreply.github.com")
    opened = (by.evidence(EvidenceKind.PULL, f"opened by {login}", ""),) if by else ()
    described = CommitDetails("", _NOBODY, _NOBODY, f"{pull.title}\n\n{pull.body}", ())
    said = (replace(one, kind=EvidenceKind.PULL) for one in message_evidence(described))
    return (*opened, *said, *branch_evidence((pull.head.branch,)))
