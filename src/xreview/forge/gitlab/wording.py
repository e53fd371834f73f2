"""Keeping GitLab from executing a comment's text.

A line that begins with a slash and a name is a quick action (“/close”, “/approve @all”), which
GitLab executes with the rights of the account that posts. Findings quote code and models' words, so
none of their lines may be one.
"""

import re

_ACTION = re.compile(r"(\r*)(/[A-Za-z_]+(?:\s.*)?)", re.DOTALL)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)", re.DOTALL)


def without_quick_actions(body: str) -> str:
    r"""The Markdown with each quick action's slash escaped: “\/close”.

    A backslash would be shown in a block of code; there a space comes before the slash. GitLab
    skips blocks of code when it looks for actions, but finds their ends by other rules than
    Markdown's, so that a text can be made whose block it takes for none.
    """
    lines: list[str] = []
    fence = ""
    for line in body.split("\n"):
        found = _FENCE.fullmatch(line)
        if fence and found and found[1].startswith(fence) and not found[2].strip():
            fence = ""
        elif not fence and found and not (found[1][0] == "`" and "`" in found[2]):
            fence = found[1]
        elif action := _ACTION.fullmatch(line):
            line = f"{action[1]}{' ' if fence else chr(92)}{action[2]}"
        lines.append(line)
    return "\n".join(lines)
