"""What a finding asks of the user, so that the list can be read from the top."""

import re
from enum import StrEnum
from functools import cache, lru_cache

from xreview.domain.finding import Disagreement, Finding
from xreview.domain.report import Category, Report, ReviewerKind, Severity
from xreview.domain.stance import StanceKind


class Group(StrEnum):
    """The groups of the list, in its order: first those where the user adds most."""

    CONTESTED = "contested"
    CONFLICT = "conflict"
    TRADE_OFF = "trade-off"
    SPLIT = "split"
    QUICK_CONFIRM = "quick to confirm"
    LONE = "lone"
    MINOR = "minor"
    UNANCHORED = "unanchored"

    @property
    def meaning(self) -> str:
        """One sentence, for the heading of a folded group."""
        return _MEANINGS[self]


_MEANINGS = {
    Group.CONTESTED: "Another model rebuts it: decide who is right.",
    Group.CONFLICT: "Two reports ask for opposite changes in one place.",
    Group.TRADE_OFF: "Both sides have a point: decide or measure.",
    Group.SPLIT: "Some reviewers raised it; others read the same code and didn't.",
    Group.QUICK_CONFIRM: "All that read it agree, or another model concedes it.",
    Group.LONE: "One reviewer raised it; a third of the real problems is among these.",
    Group.MINOR: "Low severity, raised by only one reviewer.",
    Group.UNANCHORED: "Their quotes aren't in the change: they count for nothing.",
}
_BY_KIND = {
    Disagreement.CONTESTED: Group.CONTESTED,
    Disagreement.CONFLICT: Group.CONFLICT,
    Disagreement.TRADE_OFF: Group.TRADE_OFF,
    Disagreement.CONCEDED: Group.QUICK_CONFIRM,
}


def group_of(finding: Finding) -> Group:
    """The group of a finding."""
    if not finding.is_anchored:
        return Group.UNANCHORED
    if finding.disagreement is Disagreement.CORROBORATED:
        return Group.QUICK_CONFIRM if is_unanimous(finding) else Group.SPLIT
    if finding.disagreement is Disagreement.LONE:
        return Group.MINOR if finding.severity is Severity.LOW else Group.LONE
    return _BY_KIND[finding.disagreement]


def is_unanimous(finding: Finding) -> bool:
    """Whether every family of models that read the code supports it.

    A silent analyser means nothing: it knows only its rules.
    """
    silent = {
        stance.party.family
        for stance in finding.stances
        if stance.counts_as is StanceKind.SILENT and stance.party.kind is not ReviewerKind.ANALYSER
    }
    return silent <= supporters(finding)


def supporters(finding: Finding) -> frozenset[str]:
    """The families that raised it with a quote found in the code, or concede it."""
    raised = {report.reviewer.family for report in finding.reports if report.anchored}
    conceded = {
        stance.party.family for stance in finding.stances if stance.counts_as is StanceKind.CONCEDES
    }
    return frozenset(raised | conceded)


_CATEGORIES = frozenset({Category.SECURITY, Category.DATA_INTEGRITY})
_MONEY = """payment payments paid prepaid unpaid pay pays payout payouts charge charges charged
charging billing currency currencies money cents balance balances ledger ledgers price prices
priced pricing checkout checkouts transfer transfers wallet wallets tax taxes debit debits debited
withdraw withdraws withdrawal withdrawals withdrawn"""
_WHO_MAY = """auth oauth login logins password passwords passwd credential credentials secret
secrets jwt jwts permission permissions privilege privileges token tokens csrf xss ssrf admin
admins"""
_WORDS = frozenset((*_MONEY.split(), *_WHO_MAY.split()))
_BEGINNINGS = (
    "authenticat", "authoris", "authoriz", "bypass", "corrupt", "impersonat", "invoic",
    "irreversib", "overcharg", "overwrit", "reauth", "refund", "truncat", "unauth", "unrecoverabl",
    "wipe", "wiping",
)  # fmt: skip
_PHRASES = (
    r" (?:(?:log|sign) ins?|(?:two|second) factor|api keys?|private keys?"
    r"|sessions? (?:id|fixation|hijack[a-z]*)"
    r"|dataloss|data loss|data (?:is|are|gets?|get) lost"
    r"|(?:lose[sd]?|losing|lost) (?:the )?(?:data|updates?|writes?|records?)"
    r"|drop(?:s|ped|ping)? (?:[a-z]+ ){0,3}(?:tables?|columns?|databases?|rows?)"
    r"|(?:delet|remov)(?:e|es|ed|ing) (?:all|every|the wrong)"
    r"|delete without where) "
)
_LETTERS = re.compile(r"[a-z]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_high_stakes(finding: Finding) -> bool:
    """Whether it is about security, data loss or integrity, money, or authentication.

    These are never decided in bulk. One word in one report is enough: a false alarm costs only one
    more key press.
    """
    return any(_is_high(report) for report in finding.reports)


def _is_high(report: Report) -> bool:
    return report.category in _CATEGORIES or _names_stakes(
        f"{report.title}\n{report.claim}\n{report.scenario}"
    )


@lru_cache(maxsize=1 << 13)  # every batch of reports ranks the list again
def _names_stakes(said: str) -> bool:
    """Whether a text contains one of the words, alone or in a compound identifier."""
    return any(_has_word(text.lower()) for text in {said, _HUMP.sub(" ", said)})


def _has_word(said: str) -> bool:
    words = _LETTERS.findall(said)
    if not _WORDS.isdisjoint(words) or any(word.startswith(_BEGINNINGS) for word in words):
        return True
    return _phrases().search(f" {' '.join(words)} ") is not None


@cache
def _phrases() -> re.Pattern[str]:
    return re.compile(_PHRASES)  # not before there are findings: it delays the first frame
