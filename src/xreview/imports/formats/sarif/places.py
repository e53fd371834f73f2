"""Artifact locations, regions and code flows of a SARIF run (sections 3.4, 3.30 and 3.36)."""

from collections.abc import Iterator

from xreview.domain.text import shorten
from xreview.imports.formats.sarif.rules import Rules, SarifRule
from xreview.imports.node import MalformedError, Node
from xreview.imports.placing.file_names import of_uri
from xreview.imports.statement import Columns, FileName, Region

_MOST_BASES = 20
_MOST_STEPS = 20
_LONGEST_STEP = 200
_KINDS = {
    **dict.fromkeys(("ruff", "biome"), "unicodeCodePoints"),
    **dict.fromkeys(("eslint", "stylelint", "markdownlint-cli2"), "utf16CodeUnits"),
}
"""The units of tools that don't name them, by their output for lines with emoji."""


class Places:
    """The artifact locations and regions of a run; `tool` is the family of its tool."""

    def __init__(self, run: Node, tool: str) -> None:
        kind = run.text_of("columnKind") or _KINDS.get(tool, "")
        self._columns = Columns.UTF16 if kind == "utf16CodeUnits" else Columns.CODE_POINTS
        self._is_certain = bool(kind)
        bases = run.get("originalUriBaseIds")
        self._bases = bases.fields() if bases else {}
        self._artifacts = run.items_of("artifacts")
        self._names: dict[tuple[str, str], FileName] = {}
        self._shift = 1 if _counts_from_zero(run) else 0

    def name(self, location: Node | None) -> FileName | None:
        """The name of an artifact location's file; None where it has none."""
        if location is None:
            return None
        if not (uri := location.text_of("uri")):
            index = location.whole_of("index")
            if index is None or not 0 <= index < len(self._artifacts):
                return None
            listed = self._artifacts[index].get("location")
            # An artifact's own location may repeat its index.
            if listed is None or not (uri := listed.text_of("uri")):
                return None
            location = listed
        key = (uri, location.text_of("uriBaseId"))
        if key not in self._names:  # a file has many results
            self._names[key] = of_uri(uri, self._base_uris(key[1]))
        return self._names[key]

    def region(self, region: Node) -> Region | None:
        """A region; None without lines and offsets, and for line 0, which means the whole file."""
        start, end, first, last = (
            max(0, region.whole_of(name) or 0)
            for name in ("startLine", "endLine", "startColumn", "endColumn")
        )
        if self._shift and region.get("startLine"):
            start, end = start + 1, max(start, end) + 1
        if start:
            return Region(
                start_line=start,
                end_line=max(start, end),
                start_column=first,
                end_column=last,
                columns=self._columns,
                is_certain=self._is_certain,
            )
        for offset, length in (("charOffset", "charLength"), ("byteOffset", "byteLength")):
            at, long = region.whole_of(offset), max(0, region.whole_of(length) or 0)
            if at is not None and at >= 0:
                if offset == "charOffset":
                    return Region(char_offset=at, length=long, columns=self._columns)
                return Region(byte_offset=at, length=long)
        return None

    def _base_uris(self, id: str) -> Iterator[str]:
        for _ in range(_MOST_BASES):
            base = self._bases.get(id)
            if base is None:
                return
            yield base.text_of("uri")
            id = base.text_of("uriBaseId")


def flow_of(result: Node, rules: Rules, places: Places) -> str:
    """The steps of the first code flow, one per line; "" where they are absent or malformed."""
    try:
        steps = _steps(result)
        told = [_told(step, rules, places) for step in steps[:_MOST_STEPS]]
    except MalformedError:
        return ""  # the result stands without it
    told = [step for step in told if step]
    if len(steps) > _MOST_STEPS:
        told.append(f"… and {len(steps) - _MOST_STEPS} more steps")
    return "\n".join(["Steps:", *told]) if len(told) > 1 else ""


def _steps(result: Node) -> list[Node]:
    for flow in result.items_of("codeFlows"):
        for thread in flow.items_of("threadFlows"):
            if locations := thread.items_of("locations"):
                return locations
    return []


def _told(step: Node, rules: Rules, places: Places) -> str:
    location = step.get("location")
    if location is None:
        return ""
    message = location.get("message")
    said = rules.message(message, SarifRule()) if message else ""
    name = places.name(location.get("physicalLocation", "artifactLocation"))
    place = location.get("physicalLocation", "region")
    region = places.region(place) if place else None
    # The last reading is the shortest, without the folders of the tool's machine.
    where = name.readings[-1] if name is not None and name.readings else ""
    line = f":{region.start_line}" if region is not None and region.start_line else ""
    return shorten(" ".join(f"{where}{line} {said}".split()), _LONGEST_STEP)


def _counts_from_zero(run: Node) -> bool:
    """Whether a tool counts lines from 0: a region from line 0 to a later one shows that.

    A lone `"startLine": 0` doesn't: many tools write it for the whole file.
    """
    results = run.get("results")
    return any(map(_says_zero, results.each())) if results is not None else False


def _says_zero(result: Node) -> bool:
    try:
        for location in result.items_of("locations"):
            region = location.get("physicalLocation", "region")
            if region is None or region.value_of("startLine") != 0:
                continue
            if (region.whole_of("endLine") or 0) > 0 or (region.whole_of("endColumn") or 0) > 1:
                return True
    except MalformedError:
        return False  # refused when it is read
    return False
