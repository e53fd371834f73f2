"""The runs and results of a SARIF log; runs of the same tool are one reviewer.

A run without `results` didn't look for any (section 3.14.23), so it isn't clean. An unsuccessful
invocation means that the run failed, and so does a notification of level `error`, unless it names
files: then those failed. The fingerprints of results are ignored, since they don't say which tool
made them.
"""

from collections.abc import Iterable, Iterator, Sequence

from xreview.domain.report import Lens, ReviewerIdentity, ReviewerKind
from xreview.imports.content import Content
from xreview.imports.describing import analyser, titled
from xreview.imports.format import ResultReader
from xreview.imports.formats.sarif.places import Places, flow_of
from xreview.imports.formats.sarif.rules import (
    Rules,
    SarifRule,
    level_of,
    number_of,
    score_of,
    word_of,
)
from xreview.imports.mapping import category_of, confidence_of, severity_of
from xreview.imports.node import MalformedError, Node
from xreview.imports.statement import (
    FileName,
    Fix,
    ImportedProblem,
    ProposedEdit,
    Region,
    ToolStatement,
    Where,
)

VERSION = "2.1"

_PROBLEMS = frozenset({"fail", "open", "review"})
_KINDS = _PROBLEMS | {"pass", "notapplicable", "informational"}
_ANALYSED = frozenset(
    {"analysisTarget", "added", "modified", "renamed", "unmodified", "tracedFile"}
)
_OF_MODELS = "reviewer/"
"""The prefix of the rules in this program's export for what models say."""

_NOT_RUN = "its run has no list of results, so it didn't look for any"
_NO_RUNS = "the file has no runs, so no tool looked at anything"


def matches(content: Content) -> bool:
    """Whether all values in the file are SARIF logs."""
    return bool(content.rows) and all("runs" in row.names for row in content.rows)


def read_sarif(content: Content) -> tuple[ToolStatement, ...]:
    """What each tool says in one or several logs. Raises UsageError where one is malformed."""
    by_tool: dict[tuple[str, str], ToolStatement] = {}
    for log in content.rows:
        _check_version(log)
        for run in log.items_of("runs"):
            said = _Run(run).said()
            key = (said.identity.name, said.identity.model)
            by_tool[key] = by_tool[key].with_more(said) if key in by_tool else said
    return tuple(by_tool.values()) or (
        ToolStatement(analyser("sarif"), Lens.RISK, failed=_NO_RUNS),
    )


def _check_version(log: Node) -> None:
    version = log.need("version")
    if not version.text().startswith(VERSION):
        raise version.refusal(f"is {version.text()}, but only SARIF {VERSION}.0 can be read")


class _Run:
    """One run of one tool."""

    def __init__(self, run: Node) -> None:
        driver = run.need("tool").need("driver")
        version = driver.text_of("semanticVersion") or driver.text_of("version")
        self._run = run
        written = _own(driver)
        self._is_own = written is not None
        self._identity = written or analyser(driver.need("name").text(), version)
        self._rules = Rules(run.need("tool"))
        self._places = Places(run, self._identity.family)

    def said(self) -> ToolStatement:
        """What the tool says in this run."""
        for name in ("results", "artifacts"):
            references = self._run.get("externalPropertyFileReferences")
            if references and references.get(name):
                raise references.refusal(f"says that the {name} are in other files")
        reader = ResultReader()
        problems: list[ImportedProblem] = []
        suppressed: list[FileName] = []
        results = self._run.get("results")
        for problem, is_suppressed in reader.read(results.each() if results else (), self._result):
            if not is_suppressed:
                problems.append(problem)
            else:
                suppressed += [where.file for where in problem.places[:1] if where.file]
        invocations = self._run.items_of("invocations")
        return ToolStatement(
            self._identity,
            _lens(self._run),
            tuple(problems),
            read=tuple(self._read()),
            suppressed=tuple(suppressed),
            failed=_NOT_RUN if results is None else self._failed(invocations),
            failures=tuple(self._failures(invocations)),
            unread=reader.unread,
        )

    def _result(self, result: Node) -> tuple[ImportedProblem, bool] | None:
        return (self._problem(result), _is_suppressed(result)) if _is_problem(result) else None

    def _problem(self, result: Node) -> ImportedProblem:
        rule = self._rules.of(result)
        message = self._rules.message(result.need("message"), rule)
        tool, own = self._identity.family, result.get("properties")
        level = level_of(result) or rule.level
        title = word_of(own, "title") if self._is_own else ""
        return ImportedProblem(
            rule=rule.id if not self._is_own or not rule.id.startswith(_OF_MODELS) else "",
            title=title or titled(message or rule.name, rule.id),
            message=(word_of(own, "claim") if title else "") or message or rule.description,
            detail="" if title else rule.detail(message),
            flow=word_of(own, "scenario") if title else flow_of(result, self._rules, self._places),
            category=category_of(
                tool, rule.id, f"{rule.name} {message}", rule.tags, word_of(own, "category")
            ),
            severity=severity_of(
                tool,
                level,
                rule.score if (score := score_of(own)) is None else score,
                word_of(own, "severity"),
                rule.rank if (rank := number_of(result, "rank")) is None else rank,
            ),
            confidence=confidence_of(
                word_of(own, "confidence"), word_of(own, "issue_confidence"), rule.precision
            ),
            places=tuple(self._locations(result)),
            fix=self._fix(result),
        )

    def _locations(self, result: Node) -> list[Where]:
        """The well-formed locations of a result. Raises MalformedError where none is."""
        first: MalformedError | None = None
        good: list[Where] = []
        for location in result.items_of("locations"):
            try:
                good.append(self._where(location))
            except MalformedError as error:
                first = first or error
        if first is not None and not good:
            raise first
        return good

    def _where(self, location: Node) -> Where:
        physical = location.get("physicalLocation")
        if physical is None:
            return Where()
        name = self._places.name(physical.get("artifactLocation"))
        try:
            region = physical.get("region")
            snippet = physical.text_of("region", "snippet", "text")
            return Where(name, self._places.region(region) if region else None, snippet)
        except MalformedError:
            return Where(name)  # the file is known at least

    def _fix(self, result: Node) -> Fix | None:
        """The first proposed fix; others are alternatives."""
        fixes = result.items_of("fixes")
        if not fixes:
            return None
        files: set[FileName | None] = set()
        edits: list[ProposedEdit] = []
        for change in fixes[0].items_of("artifactChanges"):
            files.add(self._places.name(change.need("artifactLocation")))
            edits += map(self._edit, change.items_of("replacements"))
        is_one_file = len(files) == 1
        return Fix(
            fixes[0].text_of("description", "text") or f"Proposed by {self._identity.family}.",
            tuple(edits) if is_one_file else (),
            files.pop() if is_one_file else None,
        )

    def _edit(self, replacement: Node) -> ProposedEdit:
        region = self._places.region(replacement.need("deletedRegion"))
        new = replacement.text_of("insertedContent", "text")
        old = replacement.text_of("deletedRegion", "snippet", "text")
        return ProposedEdit(region or Region(), new, old)

    def _read(self) -> Iterator[FileName]:
        for artifact in self._run.items_of("artifacts"):
            roles = {role.text() for role in artifact.items_of("roles")}
            name = self._places.name(artifact.get("location"))
            if name is not None and (not roles or roles & _ANALYSED):
                yield name

    def _failed(self, invocations: Sequence[Node]) -> str:
        """Why the whole run failed; "" for success."""
        for invocation in invocations:
            errors = [*self._errors(invocation)]
            if not invocation.truth_of("executionSuccessful", default=not _is_broken(invocation)):
                reasons = (
                    invocation.text_of("processStartFailureMessage"),
                    invocation.text_of("exitCodeDescription"),
                    *(message for message, _ in errors),
                    invocation.text_of("exitSignalName"),
                )
                why = next(filter(None, reasons), "")
                return f"its run failed{f': {why}' if why else ''}"
            for message, files in errors:
                if not files:
                    return f"its run reports an error: {message or 'without a message'}"
        return ""

    def _failures(self, invocations: Iterable[Node]) -> Iterator[tuple[FileName, str]]:
        for invocation in invocations:
            for message, files in self._errors(invocation):
                for name in files:
                    yield name, message or "it could not be read"

    def _errors(self, invocation: Node) -> Iterator[tuple[str, list[FileName]]]:
        """The title of each error notification, and the files that it names."""
        for kind in ("toolExecutionNotifications", "toolConfigurationNotifications"):
            for notification in invocation.items_of(kind):
                if level_of(notification) != "error":
                    continue
                message = self._rules.message(notification.need("message"), SarifRule())
                named = [self._where(one).file for one in notification.items_of("locations")]
                yield titled(message, ""), [name for name in named if name is not None]


def _own(driver: Node) -> ReviewerIdentity | None:
    """The reviewer of a run that this program exported; None for other runs."""
    properties = driver.get("properties")
    kind, family = word_of(properties, "kind"), word_of(properties, "family")
    kinds = [one for one in ReviewerKind if one.value == kind]
    name = driver.text_of("name")
    if not kinds or not family or not name:
        return None
    return ReviewerIdentity(name, kinds[0], family, driver.text_of("version"))


def _is_problem(result: Node) -> bool:
    kind = result.get("kind")
    if kind is not None and kind.text().lower() not in _KINDS:
        raise kind.refusal("isn't a kind of result")
    if result.text_of("baselineState").lower() == "absent":
        return False
    return kind is None or kind.text().lower() in _PROBLEMS


def _is_suppressed(result: Node) -> bool:
    """Whether it is suppressed, and that wasn't rejected (section 3.27.23)."""
    statuses = [suppression.text_of("status") for suppression in result.items_of("suppressions")]
    return bool(statuses) and all(status in ("", "accepted") for status in statuses)


def _lens(run: Node) -> Lens:
    word = word_of(run.get("properties"), "lens")
    word = word or word_of(run.get("tool", "driver", "properties"), "lens")
    return next((lens for lens in Lens if lens.value == word), Lens.RISK)


def _is_broken(invocation: Node) -> bool:
    """Whether a run without `executionSuccessful` failed. Its exit code doesn't say so, since many
    tools exit with 1 when they find something."""
    return bool(
        invocation.text_of("processStartFailureMessage")
        or invocation.text_of("exitSignalName")
        or invocation.get("exitSignalNumber")
    )
