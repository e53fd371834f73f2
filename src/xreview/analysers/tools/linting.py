"""What the linters find, by the rules that their diagnostics stand for."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from xreview.analysers.ruff import Diagnostic
from xreview.analysers.rules import ANY_CODE, AnalyserRule, Engine, rules_for
from xreview.analysers.source import Source
from xreview.analysers.syntax import MatchPlace
from xreview.analysers.tools import pinning, shellcheck, zizmor
from xreview.analysers.tools.installed import LINTERS, Program
from xreview.analysers.tools.program import LinterError
from xreview.domain.record import replace

Matches = Iterator[tuple[AnalyserRule, MatchPlace]]

_READABLE = re.compile(r"[^`\n]{1,60}")


_CHECKS: Mapping[Engine, Callable[[Program, str], Iterator[Diagnostic]]] = {
    Engine.ZIZMOR: zizmor.audit,
    Engine.SHELLCHECK: shellcheck.diagnose,
}


def found_by_linter(source: Source, rules: Iterable[AnalyserRule]) -> Matches:
    """What the linter of this language finds on added lines, by rule. Raises LinterError."""
    linter = LINTERS[source.language]
    program = linter.program
    if program is None:
        raise LinterError(f"{linter.package} is not installed")
    by_code: dict[str, list[AnalyserRule]] = {}
    for rule in rules:
        for code in rule.codes:
            by_code.setdefault(code, []).append(rule)
    unpinned: list[Diagnostic] = []
    for said in _CHECKS[linter.engine](program, source.clean):
        if not source.touches(said.place.start_line, said.place.end_line):
            continue
        if said.code == pinning.AUDIT:
            unpinned.append(said)
            continue
        for rule in by_code.get(said.code) or _other(source, by_code, said.code):
            if rule.near and not re.search(rule.near, said.place.words["code"]):
                continue
            yield rule, _with_readable_code(said.place)
    yield from pinning.newly_unpinned(source, unpinned, by_code.get(pinning.AUDIT, ()))


def _other(
    source: Source, by_code: Mapping[str, list[AnalyserRule]], code: str
) -> Iterator[AnalyserRule]:
    """The rule for codes without a rule of their own, named by the code."""
    if any(code in rule.codes for rule in rules_for(source.language)):
        return
    for rule in by_code.get(ANY_CODE, ()):
        id = f"{rule.id.partition('/')[0]}/{code}"
        yield replace(rule, id=id, meaning=id)


def _with_readable_code(place: MatchPlace) -> MatchPlace:
    words = dict(place.words)
    code = words.pop("code", "")
    if _READABLE.fullmatch(code):
        words["code"] = f"`{code}`"
    return replace(place, words=words)
