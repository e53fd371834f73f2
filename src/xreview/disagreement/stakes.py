"""High stakes: findings where a mistake costs money, data, or credentials."""

import re
from functools import lru_cache

from xreview.domain.finding import Finding
from xreview.domain.report import Category, Report

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
_PHRASES = re.compile(
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
    return _PHRASES.search(f" {' '.join(words)} ") is not None
