"""What a pull request says it is for, as the brief of a review where the user gives none.

All of it is untrusted. `review.prompt.brief` neutralises it, bounds it, and searches it for
secrets.
"""

import re
from collections.abc import Iterator

from xreview.domain.pull.pull import Pull
from xreview.domain.text import shorten

_MOST_ISSUES = 5
_LONGEST_ISSUE = 2_000
_LONGEST_BODY = 6_000  # leaves room for the issues
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_GAPS = re.compile(r"\n\s*\n\s*\n")


def pull_brief(pull: Pull) -> str:
    """Its title, its description, and the issues that it closes, without what pages don't show."""
    return "\n\n".join(filter(None, _paragraphs(pull)))


def _paragraphs(pull: Pull) -> Iterator[str]:
    yield pull.title.strip()
    yield shorten(_shown(pull.body), _LONGEST_BODY)
    for issue in pull.issues[:_MOST_ISSUES]:
        yield f"Issue {issue.mark}: {issue.title}".strip()
        yield shorten(_shown(issue.body), _LONGEST_ISSUE)


def _shown(text: str) -> str:
    """Without HTML comments, which templates and attackers use."""
    return _GAPS.sub("\n\n", _HIDDEN.sub("", text.replace("\r\n", "\n"))).strip()
