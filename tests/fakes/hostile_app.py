"""The app with a reviewer that says hostile things in every field. Run by a test on a terminal."""

import sys

from tests.fakes.reviewer import ScriptedReviewer
from xreview.analysers import registry
from xreview.cli.main import run
from xreview.domain.change import Side
from xreview.domain.report import (
    Category,
    Confidence,
    Direction,
    Lens,
    Request,
    ReviewerIdentity,
    ReviewerKind,
    Severity,
    Suggestion,
)
from xreview.ports.reviewer import Progress, RawReport

OSC_52 = "\x1b]52;c;aG9zdGlsZQ==\x07"
ESCAPES = f"{OSC_52}\x1b[31;7mred\x1b[2J\x1b[H\x9b31m\x9d52;c;aG9zdGlsZQ==\x9c\x1bc\x1bP1$t\x1b\\"
BIDI = "\u202eevil\u202c\u2066x\u2069\u200b\ufeff"
MARKUP = "[bold red]b[/bold red] [/foo] [@click=app.quit]q[/] [$x] [int]"
HOSTILE = f"H0{ESCAPES}{BIDI}{MARKUP}\r\x08\x0b\x0c\x00H1"

HOSTILE_QUOTE = "\x1b]52;c;aG9zdGlsZQ==\x07\x1b[31mred\x9b31m\u202eevil[/foo][int]"
HOSTILE_NAME = "N0\x1b]52;c;aG9zdGlsZQ==\x07\x1b[7m\x9b31m\u202e[bold]x[/foo][int].py"


def hostile_report(name: str, family: str, direction: Direction) -> RawReport:
    return RawReport(
        reviewer=ReviewerIdentity(HOSTILE, ReviewerKind.MODEL, family + HOSTILE, HOSTILE),
        claim_key=name,
        rule=HOSTILE,
        title=HOSTILE,
        claim=HOSTILE + "\n" + HOSTILE,
        scenario=HOSTILE,
        category=Category.SECURITY,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        path=HOSTILE_NAME,
        side=Side.NEW,
        start_line=1,
        end_line=1,
        quote=f"x = '{HOSTILE_QUOTE}'",
        suggestion=Suggestion(HOSTILE, HOSTILE + "\n" + HOSTILE),
        request=Request(direction, HOSTILE),
    )


def create(name: str) -> ScriptedReviewer:
    direction = Direction.ADD if name == "risk" else Direction.REMOVE
    identity = ReviewerIdentity(name + HOSTILE, ReviewerKind.MODEL, name)
    signals = [Progress(0, 9, HOSTILE), hostile_report(name, name, direction)]
    lens = Lens.RISK if name == "risk" else Lens.ECONOMY
    return ScriptedReviewer(identity, lens, signals, failure=HOSTILE if name == "economy" else "")


if __name__ == "__main__":
    registry.create = create
    sys.exit(run([]))
