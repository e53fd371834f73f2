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
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
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
    """Without HTML comments, which templates and attackers use. In fenced code, pages show them."""
    return _GAPS.sub("\n\n", "\n".join(_shown_lines(text.replace("\r\n", "\n")))).strip()


def _shown_lines(text: str) -> Iterator[str]:
    fence, is_hidden = "", False
    for line in text.split("\n"):
        if is_hidden or not (mark := _FENCE.match(line)):
            shown, is_hidden = (line, False) if fence else _without_comments(line, is_hidden)
            yield shown
            continue
        if not fence:
            fence = mark[1]
        elif mark[1].startswith(fence) and not line.strip(" `~"):
            fence = ""
        yield line


def _without_comments(line: str, is_hidden: bool) -> tuple[str, bool]:
    """What a line shows, and whether a comment is open after it; `is_hidden` is that before it."""
    shown: list[str] = []
    while line:
        piece, sign, line = line.partition("-->" if is_hidden else "<!--")
        if not is_hidden:
            shown.append(piece)
        is_hidden = is_hidden != bool(sign)
    return "".join(shown), is_hidden
