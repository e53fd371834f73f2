"""Results in SARIF 2.1.0 with errata 01 (OASIS), of whatever tool.

Each tool in the file is a reviewer; runs of one tool are one. Of each run:

- results of the kinds `fail`, `open` and `review` are problems, unless they are suppressed (they
  are counted) or have the baseline state `absent` (they are gone);
- the first location counts; severity and category are mapped as `mapping` says;
- artifacts that were analysed, by their roles or for want of any, are what the tool read;
- an invocation that was not successful makes the whole run one that failed, and a notification of
  level `error` with a location makes its file one that failed.

The text of a message is taken without its links. A result's own fingerprints are not used: they
can't be told from another tool's, so identity is made of rule and code as for every reviewer.
"""

from collections.abc import Iterable, Iterator

from xreview.domain.report import Lens
from xreview.reviewers.imported.identity import analyser, titled
from xreview.reviewers.imported.mapping import category_of, confidence_of, severity_of
from xreview.reviewers.imported.node import Node
from xreview.reviewers.imported.problem import Edit, FileName, Problem, Region, Said
from xreview.reviewers.imported.sarif_places import Places
from xreview.reviewers.imported.sarif_rules import Rule, Rules, level_of, score_of, word_of

VERSION = "2.1"

_PROBLEMS = frozenset({"fail", "open", "review"})
_KINDS = _PROBLEMS | {"pass", "notapplicable", "informational"}
_ANALYSED = frozenset(
    {"analysisTarget", "added", "modified", "renamed", "unmodified", "tracedFile"}
)


def read_sarif(log: Node) -> tuple[Said, ...]:
    """What each tool says in a log file. Raises UsageError where it is malformed."""
    version = log.need("version")
    if not version.text().startswith(VERSION):
        raise version.refusal(f"is {version.text()}, and only SARIF {VERSION}.0 is read")
    by_tool: dict[tuple[str, str], Said] = {}
    for run in log.items_of("runs"):
        said = _Run(run).said()
        key = (said.identity.name, said.identity.model)
        by_tool[key] = _together(by_tool[key], said) if key in by_tool else said
    return tuple(by_tool.values())


def _together(one: Said, other: Said) -> Said:
    return Said(
        one.identity,
        one.lens,
        one.problems + other.problems,
        read=one.read + other.read,
        suppressed=one.suppressed + other.suppressed,
        failed=one.failed or other.failed,
        failures=one.failures + other.failures,
    )


class _Run:
    """One run of one tool."""

    def __init__(self, run: Node) -> None:
        driver = run.need("tool").need("driver")
        version = driver.text_of("semanticVersion") or driver.text_of("version")
        self._run = run
        self._identity = analyser(driver.need("name").text(), version)
        self._rules = Rules(run.need("tool"))
        self._places = Places(run)

    def said(self) -> Said:
        """All that the run says."""
        for name in ("results", "artifacts"):
            references = self._run.get("externalPropertyFileReferences")
            if references and references.get(name):
                raise references.refusal(f"says that the {name} are in other files")
        problems: list[Problem] = []
        suppressed: list[FileName] = []
        for result in self._run.items_of("results"):
            if not _is_problem(result):
                continue
            problem = self._problem(result)
            if not _is_suppressed(result):
                problems.append(problem)
            elif problem.file is not None:
                suppressed.append(problem.file)
        invocations = self._run.items_of("invocations")
        return Said(
            self._identity,
            _lens(self._run),
            tuple(problems),
            read=tuple(self._read()),
            suppressed=tuple(suppressed),
            failed=self._failed(invocations),
            failures=tuple(self._failures(invocations)),
        )

    def _problem(self, result: Node) -> Problem:
        rule = self._rules.of(result)
        message = self._rules.message(result.need("message"), rule)
        locations = result.items_of("locations")
        physical = locations[0].get("physicalLocation") if locations else None
        place = physical.get("region") if physical else None
        fixes = result.items_of("fixes")
        name = self._places.name(physical.get("artifactLocation")) if physical else None
        tool, own = self._identity.family, result.get("properties")
        return Problem(
            rule=rule.id,
            title=titled(message or rule.name, rule.id),
            claim=rule.claim(message),
            category=category_of(
                tool, rule.id, f"{rule.name} {message}", rule.tags, word_of(own, "category")
            ),
            severity=severity_of(
                tool,
                level_of(result) or rule.level or "warning",
                rule.score if (score := score_of(own)) is None else score,
                word_of(own, "severity"),
            ),
            confidence=confidence_of(
                word_of(own, "confidence"), word_of(own, "issue_confidence"), rule.precision
            ),
            file=name,
            region=self._places.region(place) if place else None,
            snippet=_snippet(place),
            suggestion=_fix_text(fixes[0], self._identity.family) if fixes else "",
            edits=tuple(self._edits(fixes[0], name)) if fixes else (),
        )

    def _edits(self, fix: Node, file: FileName | None) -> Iterator[Edit]:
        """The edits of a fix; none where it is about other files too."""
        edits: list[Edit] = []
        for change in fix.items_of("artifactChanges"):
            other = self._places.name(change.need("artifactLocation"))
            for replacement in change.items_of("replacements"):
                region = self._places.region(replacement.need("deletedRegion"))
                inserted = replacement.get("insertedContent")
                edits.append(Edit(region or Region(), inserted.text_of("text") if inserted else ""))
            if other != file:
                return
        yield from edits

    def _read(self) -> Iterator[FileName]:
        for artifact in self._run.items_of("artifacts"):
            roles = {role.text() for role in artifact.items_of("roles")}
            name = self._places.name(artifact.get("location"))
            if name is not None and (not roles or roles & _ANALYSED):
                yield name

    def _failed(self, invocations: Iterable[Node]) -> str:
        for invocation in invocations:
            if not invocation.truth_of("executionSuccessful", default=True):
                why = invocation.text_of("exitCodeDescription")
                return f"its run failed{f': {why}' if why else ''}"
        return ""

    def _failures(self, invocations: Iterable[Node]) -> Iterator[tuple[FileName, str]]:
        for invocation in invocations:
            for notification in invocation.items_of("toolExecutionNotifications"):
                if level_of(notification) != "error":
                    continue
                message = self._rules.message(notification.need("message"), Rule())
                for location in notification.items_of("locations"):
                    physical = location.get("physicalLocation")
                    name = self._places.name(physical.get("artifactLocation")) if physical else None
                    if name is not None:
                        yield name, titled(message, "it could not be read")


def _is_problem(result: Node) -> bool:
    kind = result.get("kind")
    if kind is not None and kind.text().lower() not in _KINDS:
        raise kind.refusal("is no kind of result")
    if result.text_of("baselineState") == "absent":
        return False
    return kind is None or kind.text().lower() in _PROBLEMS


def _is_suppressed(result: Node) -> bool:
    """Whether somebody has dealt with it and nobody refused that (section 3.27.23)."""
    statuses = [suppression.text_of("status") for suppression in result.items_of("suppressions")]
    return bool(statuses) and all(status in ("", "accepted") for status in statuses)


def _lens(run: Node) -> Lens:
    word = word_of(run.get("properties"), "lens")
    return next((lens for lens in Lens if lens.value == word), Lens.RISK)


def _snippet(region: Node | None) -> str:
    snippet = region.get("snippet") if region else None
    return snippet.text_of("text") if snippet else ""


def _fix_text(fix: Node, tool: str) -> str:
    description = fix.get("description")
    return (description.text_of("text") if description else "") or f"As {tool} proposes it."
