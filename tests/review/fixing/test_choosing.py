"""Who fixes by default, and who can be named."""

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from xreview.domain.authorship.author import Author
from xreview.domain.errors import UsageError
from xreview.domain.fixing.fixer import MECHANICAL, FixerKind
from xreview.ports.model import ModelIdentity
from xreview.ports.provider import ReviewerSettings
from xreview.review.asking.prospects import Prospect
from xreview.review.fixing.choosing import fixer_choices, named_fixer

IS_AGENT = cast("object", SimpleNamespace())
NOBODY = Author()


def model(name: str, vendor: str, why_not: str = "") -> Prospect:
    settings = ReviewerSettings(name, "openai", "gpt-6.2")
    return Prospect(settings, ModelIdentity(name, vendor, "gpt-6.2", "h"), None, None, why_not)


def agent(name: str, vendor: str, why_not: str = "") -> Prospect:
    settings = ReviewerSettings(name, name)
    found = Prospect(settings, ModelIdentity(name, vendor, "", "h"), None, None, why_not)
    return replace(found, detected=IS_AGENT)


CLAUDE, CODEX = agent("claude-code", "anthropic"), agent("codex", "openai")
GPT, OPUS = model("gpt", "openai"), model("opus", "anthropic")
ALL = (GPT, OPUS, CODEX, CLAUDE)


def default(prospects, author=NOBODY, replacements=0, preferred=""):
    first, *others = fixer_choices(prospects, author, replacements, preferred)
    assert not any(one.is_default for one in others)
    assert len(others) == len(prospects)
    return first.identity.name if first.is_default else ""


@pytest.mark.parametrize(
    ("prospects", "author", "name"),
    [
        (ALL, Author(tool="claude-code", vendor="anthropic"), "claude-code"),
        (ALL, Author(tool="codex", vendor="openai"), "codex"),
        ((GPT, agent("codex", "openai", "not logged in")), Author(tool="codex"), "gpt"),
        ((GPT, CODEX, CLAUDE), Author(vendor="anthropic"), "claude-code"),
        ((OPUS, CODEX), Author(vendor="anthropic"), "codex"),
        ((GPT, OPUS), Author(vendor="anthropic"), "opus"),
        ((GPT, OPUS), NOBODY, "gpt"),
    ],
)
def test_the_author_fixes_its_own_code_and_else_the_first_agent(prospects, author, name):
    assert default(prospects, author) == name


def test_the_suggestions_fix_where_nobody_else_can():
    gone = agent("codex", "openai", "not logged in")
    assert default((gone,), replacements=2) == MECHANICAL.name
    assert default((gone,)) == ""
    last = fixer_choices((gone,), NOBODY, 0)[-1]
    assert "no accepted finding has a replacement" in (
        last.why_not,
        fixer_choices((), NOBODY, 0)[0].why_not,
    )


def test_the_preferred_one_comes_first_or_is_refused_with_a_reason():
    assert default(ALL, Author(tool="codex"), preferred="opus") == "opus"
    with pytest.raises(UsageError, match="Unknown fixer “aider”"):
        fixer_choices(ALL, NOBODY, 0, "aider")
    with pytest.raises(UsageError, match="codex can't fix: not logged in"):
        fixer_choices((agent("codex", "openai", "not logged in"),), NOBODY, 0, "codex")


def test_a_named_fixer_is_found_with_its_kind():
    choices = fixer_choices(ALL, NOBODY, 1)
    assert named_fixer(choices, "opus").identity.kind is FixerKind.MODEL
    assert named_fixer(choices, "codex").identity.kind is FixerKind.AGENT
    assert named_fixer(choices, "suggestions").identity == MECHANICAL
