"""The steps of a SARIF result's first code flow (section 3.36)."""

from xreview.domain.text import shorten
from xreview.imports.formats.sarif.places import Places
from xreview.imports.formats.sarif.rules import Rules, SarifRule
from xreview.imports.node import MalformedError, Node

_MOST_STEPS = 20
_LONGEST_STEP = 200


def flow_of(result: Node, rules: Rules, places: Places) -> str:
    """The steps, one per line; "" where they are absent or malformed."""
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
