"""Checking what is said after every key in it is masked: an answer may put one together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xreview.hardening.redaction import value_without_keys
from xreview.review.reply.check import Checker, Stated


@dataclass(frozen=True, slots=True)
class KeylessChecker(Checker):
    """Masks keys in all texts of a finding, then has it checked.

    Nothing else reads a finding, so that no key gets to the screen, the journal or an export.

    Args:
        checker: checks what is left.
    """

    checker: Checker

    def check(self, found: Mapping[str, Any], place: str = "findings[0]") -> Stated | list[str]:
        """The finding, or sentences about what is wrong with it, each naming the place."""
        return self.checker.check(value_without_keys(dict(found)), place)
