"""What is kept beside a disposable tree, so that a later run can apply its patch."""

import contextlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xreview.domain.errors import ChangeError
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.fixing.tampering import tampering_is_certain
from xreview.domain.record import dataclass
from xreview.ports.json_value import count_in, list_in, object_in, parse_json, text_in
from xreview.repo.disposable.applying import PatchPart
from xreview.review.fixing.snapshot import FixSnapshot

_FILE = "kept.json"
_OUTCOMES = {outcome.value: outcome for outcome in FixOutcome}


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """What a kept fix did to a finding, and the parts of the patch for it.

    Args:
        files: what the fixer named for it.
    """

    subjects: tuple[str, ...]
    outcome: FixOutcome
    parts: tuple[PatchPart, ...]
    evidence: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptFix:
    """A fix that can be applied later.

    Args:
        session: the review session that it belongs to.
        is_tampered: whether its patch weakens checks, whatever became of the findings.
        fixer: its name. is_round_two: whether it is over with that.
        before: the checks before the first round.
    """

    id: str
    session: str
    header: str
    findings: tuple[KeptFinding, ...]
    is_tampered: bool = False
    fixer: str = ""
    is_round_two: bool = False
    before: tuple[CheckRun, ...] = ()

    @property
    def unfixed(self) -> tuple[KeptFinding, ...]:
        """The findings that aren't shown to be fixed."""
        return tuple(one for one in self.findings if one.outcome is not FixOutcome.FIXED)

    @property
    def wanted(self) -> tuple[PatchPart, ...]:
        """The parts that findings asked for."""
        return tuple(dict.fromkeys(part for one in self.findings for part in one.parts))

    def subjects_of(self, parts: Iterable[PatchPart]) -> tuple[str, ...]:
        """The fingerprints of the findings that these parts are for."""
        chosen = set(parts)
        return tuple(
            name for one in self.findings if chosen.intersection(one.parts) for name in one.subjects
        )


def keep(
    folder: Path, session: str, snapshot: FixSnapshot, before: Sequence[CheckRun] = ()
) -> None:
    """Write what `kept` reads. Raises ChangeError if the disk refuses."""
    findings = [
        {
            "subjects": list(one.finding.fingerprints),
            "outcome": one.verdict.outcome if one.verdict else FixOutcome.NOT_VERIFIED,
            "parts": [[os.fsencode(part.path).hex(), part.hunk] for part in one.parts],
            "evidence": one.verdict.evidence if one.verdict else "",
            "files": list(one.result.files) if one.result else [],
        }
        for one in snapshot.findings
    ]
    kept = {
        "id": snapshot.id,
        "session": session,
        "header": snapshot.header,
        "findings": findings,
        "tampered": tampering_is_certain(snapshot.tampering),
        "fixer": snapshot.fixer.name,
        "second": snapshot.is_round_two,
        "before": [asdict(run) for run in before],
    }
    temporary = folder / f"{_FILE}.new"
    try:
        temporary.write_text(json.dumps(kept), "utf-8")
        temporary.replace(folder / _FILE)
    except OSError as error:
        raise ChangeError(
            f"The fix can't be kept ({error.strerror}).", f"Free some space in {folder}."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def kept(folder: Path) -> KeptFix:
    """Read what was kept. Raises ChangeError if the fix didn't come to its end."""
    try:
        document = object_in(parse_json((folder / _FILE).read_bytes()))
        findings = tuple(map(_finding, list_in(document, "findings")))
    except (OSError, ValueError) as error:
        raise ChangeError(
            "This fix didn't come to its end, so there is nothing to apply.",
            "Throw it away with --clean and its id.",
        ) from error
    return KeptFix(
        text_in(document, "id"),
        text_in(document, "session"),
        text_in(document, "header"),
        findings,
        document.get("tampered") is not False,
        text_in(document, "fixer"),
        document.get("second") is True,
        tuple(map(_check, list_in(document, "before"))),
    )


def _finding(raw: Any) -> KeptFinding:
    found = object_in(raw)
    outcome = _OUTCOMES.get(text_in(found, "outcome"), FixOutcome.NOT_VERIFIED)
    parts = tuple(map(_part, list_in(found, "parts")))
    evidence, files = text_in(found, "evidence"), _texts(found, "files")
    return KeptFinding(_texts(found, "subjects"), outcome, parts, evidence, files)


def _check(raw: Any) -> CheckRun:
    found = object_in(raw)
    code = found.get("code")
    return CheckRun(
        text_in(found, "command"),
        code if isinstance(code, int) and not isinstance(code, bool) else None,
        0.0,  # how long it took isn't compared
        text_in(found, "output"),
        _texts(found, "failed"),
        count_in(found, "passed"),
        text_in(found, "trouble"),
    )


def _texts(found: Any, name: str) -> tuple[str, ...]:
    return tuple(one for one in list_in(found, name) if isinstance(one, str))


def _part(raw: Any) -> PatchPart:
    path, hunk = raw
    is_number = isinstance(hunk, int) and not isinstance(hunk, bool)
    if not isinstance(path, str) or not (hunk is None or is_number):
        raise ValueError("not a part of a patch")
    return PatchPart(os.fsdecode(bytes.fromhex(path)), hunk)
