"""How far tests verify a changed file."""

from xreview.domain.attention.file_facts import FileFacts, TestedLines
from xreview.domain.record import dataclass
from xreview.domain.stakes.stakes import FileToCheck, WorkForm

WELL_TESTED = 0.9
"""The share of the changed lines that tests must run: "a good lower threshold" for commits (C.
Arguelles, M. Ivanković and A. Bender, "Code Coverage Best Practices", Google Testing Blog, 2020).
"""


@dataclass(frozen=True, slots=True)
class Verification:
    """What speaks for and against the tests of a file, as short clauses; without doubts it is
    verified."""

    grounds: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def verification_of(part: FileToCheck, facts: FileFacts) -> Verification:
    """Return how far tests verify a file: by measured coverage, else by the names in tests.

    Coverage that is older than the code proves nothing, and a name proves little: it is believed
    only in tests that the change leaves alone.
    """
    if part.form is not WorkForm.LOGIC:
        return Verification()
    tested = facts.tested
    if tested is None or not tested.of:
        return _by_names(part)
    if tested.is_stale:
        named = _by_names(part)
        stale = f"the coverage in {tested.source} is older than the code"
        return Verification(named.grounds, (*named.doubts, stale) if named.doubts else ())
    words = f"tests run {tested.run} of {tested.of} changed lines ({tested.source})"
    return Verification((words,)) if _is_enough(tested) else Verification((), (words,))


def _is_enough(tested: TestedLines) -> bool:
    return tested.run >= WELL_TESTED * tested.of


def _by_names(part: FileToCheck) -> Verification:
    if part.is_tested:
        return Verification(("tests name all of its changed functions",))
    if part.unnamed:
        return Verification((), (_names_words("no test names", part.unnamed),))
    if part.newly_named:
        words = _names_words("only tests of this change name", part.newly_named)
        return Verification((), (words,))
    return Verification((), ("it isn't known whether tests run it",))


def _names_words(what: str, names: frozenset[str]) -> str:
    if len(names) == 1:
        return f"{what} `{min(names)}`"
    return f"{what} {len(names)} of its changed functions"
