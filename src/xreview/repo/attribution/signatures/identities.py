"""Recognising agents among a commit's author, committer and co-authors.

Addresses come before names, because names vary and people are called Claude, Devin and Jules.
GitHub's no-reply addresses are `<number>+<login>@users.noreply.github.com`, or without the number.
"""

import re
from functools import lru_cache

from xreview.domain.authorship.author import Evidence, EvidenceKind
from xreview.domain.authorship.family import model_family
from xreview.domain.record import replace
from xreview.domain.report import Confidence
from xreview.repo.attribution.base import NamedWriter
from xreview.repo.attribution.signatures.conventions import CodingTool, conventions, normal_name
from xreview.repo.attribution.signatures.model_names import MentionPlace
from xreview.repo.attribution.signatures.naming import model_in, writers_named
from xreview.repo.change.history import CommitDetails, Person

_GITHUB = "@users.noreply.github.com"
_LONGEST = 200
_AIDER_SUFFIX = re.compile(r"\s*\(aider\)\s*\Z", re.IGNORECASE)
_SUFFIX = re.compile(r"[^()]{1,100}\(([^()]{1,100})\)\s*\Z")
_DECORATION = re.compile(r"\A[^\w\[(\"']+")
# Only before the @: companies have .ai domains, and forges hide people's addresses behind
# `users.noreply.<forge>`.
_MACHINE = re.compile(r"(?:^|[.+_-])(?:no-?reply|bots?|agent|ai|assistant)(?=[.+@_-])")
_FAMILY_ALONE = frozenset({"claude", "gemini", "gpt", "grok", "kimi", "qwen"})


def identity_evidence(commit: CommitDetails) -> tuple[Evidence, ...]:
    """The evidence in a commit's author and committer.

    aider appends ` (aider)` to the names it commits with: on the author, it wrote the change; on
    the committer alone, it committed a person's change.
    """
    author, committer = commit.author, commit.committer
    if writer := _author(author):
        return (_evidence(commit, "author", author, writer),)
    if _AIDER_SUFFIX.search(committer.name):
        return ()
    writer = writer_of(committer.name, committer.email)
    if writer is None or not _is_known_address(committer.email):
        return ()
    # A committer may only have rebased the change.
    return (_evidence(commit, "committer", committer, writer.at_most(Confidence.LOW)),)


@lru_cache(4096)
def writer_of(name: str, email: str) -> NamedWriter | None:
    """The agent with this name and address; None for a person or another program."""
    name, email = _DECORATION.sub("", name[:_LONGEST].strip(), count=1), email[:_LONGEST].lower()
    if _is_no_author(name, email):
        return None
    if tool := _tool_at(email):
        return _signed(tool, name)
    if tool := conventions().by_shared_email.get(email):
        return _signed(tool, name) if model_family(name) else _named(name) or _alone(name)
    is_machine = _MACHINE.search(email.rpartition("@")[0] + "@")
    return _tagged(name, email) or _named(name) or (_alone(name) if is_machine else None)


def _author(person: Person) -> NamedWriter | None:
    if _AIDER_SUFFIX.search(person.name):
        return NamedWriter("aider", "", "", Confidence.HIGH)
    if writer := writer_of(person.name, person.email):
        return writer
    if (match := _SUFFIX.match(person.name)) is None:
        return None
    for writer in writers_named(match[1], MentionPlace.NAME):
        return replace(writer, confidence=Confidence.MEDIUM)
    return _family_alone(match[1])


def _is_no_author(name: str, email: str) -> bool:
    known = conventions()
    login = email.removesuffix(_GITHUB).rpartition("+")[2] if email.endswith(_GITHUB) else ""
    if normal_name(name) in known.other_names or login in known.other_logins:
        return True
    lower = name.lower()
    return lower in known.other_logins or any(
        one.endswith("[bot]") and "review" in one for one in (login, lower)
    )


def _is_known_address(email: str) -> bool:
    return _tool_at(email[:_LONGEST].lower()) is not None


def _tool_at(email: str) -> CodingTool | None:
    known = conventions()
    if email.endswith(_GITHUB):
        login = email.removesuffix(_GITHUB)
        return known.by_login.get(login) or known.by_login.get(login.rpartition("+")[2])
    if tool := known.by_email.get(email):
        return tool
    return next((tool for form, tool in known.by_email_pattern if form.match(email)), None)


def _signed(tool: CodingTool, name: str) -> NamedWriter:
    """The writer with a tool's own address; the name may tell the model, or another family."""
    if family := model_family(name):
        model = model_in(name)
        return NamedWriter(tool.name, family, model, Confidence.HIGH if model else tool.sure)
    sure = Confidence.LOW if normal_name(name) in tool.doubt else tool.sure
    return NamedWriter(tool.name, tool.vendor, "", sure)


def _named(name: str) -> NamedWriter | None:
    """The writer with an unambiguous name, or one with a model's version."""
    found = writers_named(name, MentionPlace.NAME)
    return found[0].at_most(Confidence.MEDIUM) if found else None


def _tagged(name: str, email: str) -> NamedWriter | None:
    """The writer in an address like `someone+claude@example.org`."""
    local, _, _ = email.partition("@")
    tag = local.rpartition("+")[2] if "+" in local and not email.endswith(_GITHUB) else ""
    if tool := conventions().by_name.get(normal_name(tag)) if tag else None:
        family = model_family(name) or tool.vendor
        return NamedWriter(tool.name, family, model_in(name), Confidence.MEDIUM)
    return _family_alone(tag)


def _alone(name: str) -> NamedWriter | None:
    """The writer with an ambiguous name at an address that no person has."""
    if tool := conventions().by_word.get(normal_name(name)):
        return NamedWriter(tool.name, tool.vendor, "", Confidence.MEDIUM)
    return _family_alone(name)


def _family_alone(name: str) -> NamedWriter | None:
    if normal_name(name) in _FAMILY_ALONE:
        return NamedWriter("", model_family(name), "", Confidence.MEDIUM)
    return None


def _evidence(commit: CommitDetails, role: str, person: Person, writer: NamedWriter) -> Evidence:
    pointer = f"{role} {person.name} <{person.email}>"[:_LONGEST]
    return writer.evidence(EvidenceKind.IDENTITY, pointer, commit.id)
