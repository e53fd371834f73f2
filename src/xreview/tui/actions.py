"""Every action of the app, for the footer, help page, palette, and key map. Ids are public."""

from enum import Enum, StrEnum, auto

from xreview.domain.record import dataclass


class ActionGroup(StrEnum):
    """The sections of the help page, in order."""

    MOVE = "Move"
    DECIDE = "Decide"
    FIND = "Find"
    VIEW = "View"
    HAND_OFF = "Hand off"
    PROGRAM = "App"
    FIX = "Fix screen"
    PULL = "Pull request screen"
    ATTEMPTS = "Attempts screen"


class Need(Enum):
    """What must be there for an action to do something; the footer hides those that can't."""

    NOTHING = auto()
    FINDINGS = auto()
    CURRENT = auto()
    """A finding under the cursor."""
    CHOSEN = auto()
    """A selection, or a finding under the cursor."""
    SELECTION = auto()
    NO_SELECTION = auto()
    """Nothing is selected: then a key can mean something else."""
    UNDOABLE = auto()
    REDOABLE = auto()
    ACCEPTED = auto()
    """An accepted finding."""
    PULL = auto()
    """A pull request under review."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a key does.

    Args:
        method: the `action_…` method of its screen, or of the app (`app.…`). With
            `app.open('x')` the action shows a screen: `open_x` in `screens/x.py`.
        in_footer: position in the footer, 0 for none.
        short: what the footer says instead of the title.
        panes: the ids of the panes in which it does something, () for all.
    """

    id: str
    method: str
    keys: tuple[str, ...]
    title: str
    group: ActionGroup
    in_footer: int = 0
    needs: Need = Need.NOTHING
    short: str = ""
    panes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What the footer says."""
        return self.short or self.title.rstrip("…")


_MOVE, _DECIDE, _FIND, _VIEW, _HAND_OFF, _PROGRAM, _FIX, _PULL, _ATTEMPTS = ActionGroup

# fmt: off
ACTIONS: tuple[Action, ...] = (
    Action("cursor.down", "move(1)", ("j", "down"), "next", _MOVE, 1),
    Action("cursor.up", "move(-1)", ("k", "up"), "previous", _MOVE, 2),
    Action("cursor.page-down", "page(1)", ("pagedown", "space"), "page down", _MOVE),
    Action("cursor.page-up", "page(-1)", ("pageup",), "page up", _MOVE),
    Action("cursor.first", "first", ("home", "g"), "first", _MOVE),
    Action("cursor.last", "last", ("end",), "last", _MOVE),
    Action("scroll.left", "scroll(-8)", ("left", "h"), "scroll code left", _MOVE),
    Action("scroll.right", "scroll(8)", ("right", "l"), "scroll code right", _MOVE),
    Action("finding.next", "finding(1)", ("n",), "next finding", _MOVE),
    Action("finding.previous", "finding(-1)", ("N",), "previous finding", _MOVE),
    Action("code.go", "go_to_code", ("enter",), "go to code", _MOVE, 10, Need.CURRENT,
           "code", ("findings", "review", "disagreement")),
    Action("code.range", "range", ("V",), "select lines", _MOVE),
    Action("hunk.previous", "hunk(-1)", ("left_square_bracket",), "previous hunk", _MOVE),
    Action("hunk.next", "hunk(1)", ("right_square_bracket",), "next hunk", _MOVE),
    Action("file.previous", "file(-1)", ("left_curly_bracket",), "previous file", _MOVE),
    Action("file.next", "file(1)", ("right_curly_bracket",), "next file", _MOVE),
    Action("file.tree", "app.open('file_tree')", ("T",), "file tree", _MOVE),

    Action("finding.accept", "accept", ("a",), "accept", _DECIDE, 3, Need.CHOSEN),
    Action("finding.accept-because", "accept_because", ("O",), "accept, other fix…",
           _DECIDE, needs=Need.CURRENT),
    Action("finding.reject", "reject", ("r",), "reject…", _DECIDE, 4, Need.CHOSEN),
    Action("finding.escalate", "escalate", ("e",), "escalate…", _DECIDE, 5, Need.CHOSEN),
    Action("finding.rebut", "app.rebut", ("b",), "ask the author's model", _DECIDE,
           needs=Need.CURRENT),
    Action("finding.confirm", "app.open('confirm')", ("C",), "accept all undisputed…", _DECIDE,
           needs=Need.FINDINGS),
    Action("decision.undo", "undo", ("u",), "undo", _DECIDE, 7, Need.UNDOABLE),
    Action("decision.redo", "redo", ("U",), "redo", _DECIDE, 8, Need.REDOABLE),
    Action("proposal.take", "take_up", ("p",), "decide as proposed", _DECIDE),
    Action("finding.note", "note", ("i",), "note…", _DECIDE, 9, Need.CURRENT),
    Action("finding.write", "app.open('own_finding')", ("c",), "own finding…", _DECIDE),
    Action("finding.missed", "app.open('missed')", ("M",), "missed by the review…", _DECIDE),
    Action("finding.select", "select", ("x",), "select", _DECIDE, needs=Need.CURRENT),
    Action("selection.accept", "accept_selection", ("A",), "accept selection", _DECIDE,
           needs=Need.SELECTION),
    Action("selection.reject", "reject_selection", ("R",), "reject selection…", _DECIDE,
           needs=Need.SELECTION),
    Action("selection.clear", "clear_selection", ("escape",), "clear selection", _DECIDE, 6,
           Need.SELECTION, "clear"),

    Action("find.search", "search", ("slash",), "search…", _FIND, 12),
    Action("find.next", "match(1)", ("full_stop",), "next match", _FIND),
    Action("find.previous", "match(-1)", ("comma",), "previous match", _FIND),
    Action("find.filter", "filter", ("f",), "filter…", _FIND, 13, Need.FINDINGS),
    Action("find.sort", "sort", ("s",), "sort…", _FIND, 14, Need.FINDINGS),

    Action("pane.next", "cycle(1)", ("tab",), "next pane", _VIEW, 11, short="pane"),
    Action("pane.previous", "cycle(-1)", ("shift+tab",), "previous pane", _VIEW),
    Action("pane.findings", "show('findings')", ("1",), "findings", _VIEW),
    Action("pane.code", "show('code')", ("2",), "code", _VIEW),
    Action("pane.review", "show('review')", ("3",), "review", _VIEW),
    Action("pane.disagreement", "show('disagreement')", ("4",), "disagreement", _VIEW),
    Action("split.narrower", "split(-5)", ("less_than_sign",), "less room for this pane", _VIEW),
    Action("split.wider", "split(5)", ("greater_than_sign",), "more room for this pane", _VIEW),
    Action("pane.zoom", "zoom", ("z",), "zoom pane", _VIEW, 15, short="zoom"),
    Action("code.side-by-side", "side_by_side", ("v",), "unified or side by side", _VIEW),
    Action("code.wrap", "app.wrap", ("w",), "wrap long lines", _VIEW),
    Action("gap.expand-all", "expand_all", ("plus", "shift+enter"), "show all unchanged lines",
           _VIEW),
    Action("file.viewed", "viewed", ("m",), "viewed", _VIEW),
    Action("view.scorecard", "app.open('scorecard')", ("S",), "scorecard", _VIEW),
    Action("view.session-account", "app.open('session_account')", ("A",),
           "account of the session", _VIEW, needs=Need.NO_SELECTION),
    Action("view.details", "app.open('details')", ("d",), "coverage and cost", _VIEW),
    Action("view.theme", "app.open('theme')", ("t",), "theme…", _VIEW),

    Action("code.edit", "edit", ("o",), "open in editor", _HAND_OFF),
    Action("finding.copy", "copy", ("y",), "copy as fix prompt", _HAND_OFF, needs=Need.CHOSEN),
    Action("accepted.copy", "copy_accepted", ("Y",), "copy all accepted", _HAND_OFF),
    Action("code.copy-place", "copy_place", ("L",), "copy path:line", _HAND_OFF),
    Action("fix.accepted", "app.open('fix')", ("X",), "fix accepted…", _HAND_OFF, 16,
           Need.ACCEPTED, "fix"),
    Action("pull.open", "app.open('pull')", ("P",), "pull request…", _HAND_OFF, 17,
           Need.PULL, "pull request"),
    Action("attempts.open", "app.open('attempts')", ("G",), "attempts…", _HAND_OFF),
    Action("review.export", "app.open('export')", ("E",), "export…", _HAND_OFF, 18, Need.FINDINGS),
    Action("brief.open", "app.open('brief')", ("D",), "brief…", _HAND_OFF),
    Action("review.again", "app.review_again", ("F",), "review again", _HAND_OFF),
    Action("review.stop", "app.stop_review", ("ctrl+x",), "stop the review", _HAND_OFF),

    Action("question.open", "app.answer_question", ("Q",), "answer a question…", _PROGRAM),
    Action("app.help", "app.open('help')", ("question_mark",), "help", _PROGRAM, 19),
    Action("app.redraw", "app.repaint", ("ctrl+l",), "redraw the screen", _PROGRAM),
    Action("app.palette", "app.open('palette')", ("ctrl+p",), "command palette", _PROGRAM),
    Action("app.quit", "app.quit_now", ("q",), "quit", _PROGRAM, 20),
)
FIX_ACTIONS: tuple[Action, ...] = (
    Action("fix.apply", "apply", ("a",), "apply all", _FIX, 1),
    Action("fix.apply-part", "apply_part", ("space", "h"), "apply hunk or finding", _FIX, 2,
           short="apply this"),
    Action("fix.revert", "revert", ("u",), "undo applying", _FIX, 3),
    Action("fix.again", "again", ("g",), "again with a note…", _FIX, 4, short="again"),
    Action("fix.discard", "discard", ("D",), "discard the fix…", _FIX, 5, short="discard"),
    Action("fix.cancel", "cancel", ("x",), "cancel, keep the patch", _FIX, 6,
           short="cancel"),
    Action("fix.shell", "shell", ("exclamation_mark",), "shell in the fix's tree", _FIX, 8,
           short="shell"),
    Action("fix.new", "fix_others", ("X",), "fix others…", _FIX, 9),
    Action("fix.leave", "leave", ("escape",), "back to the findings", _FIX, 10, short="back"),
)
"""The actions of the fix screen alone. Their keys only have to differ from each other; there, they
come before the keys of `SHARED_ACTIONS`."""
PULL_ACTIONS: tuple[Action, ...] = (
    Action("pull.begin", "begin", ("p",), "post as a pending review…", _PULL, 1, short="post"),
    Action("pull.send", "enter", ("enter",), "send the reply, or post…", _PULL, 2, short="send"),
    Action("pull.comment", "submit('COMMENT')", ("c",), "publish as a comment…", _PULL, 3,
           short="comment"),
    Action("pull.request-changes", "submit('REQUEST_CHANGES')", ("r",),
           "publish and request changes…", _PULL, 4, short="request changes"),
    Action("pull.approve", "submit('APPROVE')", ("a",), "publish and approve…", _PULL, 5,
           short="approve"),
    Action("pull.discard", "discard", ("x",), "discard the pending review…", _PULL, 6,
           short="discard"),
    Action("pull.edit", "edit", ("e",), "edit the reply…", _PULL, 7, short="edit"),
    Action("pull.resolve", "resolve", ("R",), "resolve or reopen the thread", _PULL, 8,
           short="resolve"),
    Action("pull.undo", "undo", ("u",), "delete what was posted last…", _PULL, 9, short="undo"),
    Action("pull.link", "link", ("o",), "copy the link", _PULL, 10, short="link"),
    Action("pull.to-post", "tab('POST')", ("1",), "what is to be posted", _PULL, 11,
           short="to post"),
    Action("pull.threads", "tab('THREADS')", ("2",), "threads", _PULL, 11),
    Action("pull.again", "again", ("F",), "ask the forge again", _PULL, 10, short="ask again"),
    Action("pull.others", "others", ("P",), "other pull requests…", _PULL),
    Action("pull.leave", "leave", ("escape",), "back to the findings", _PULL, 12, short="back"),
)
"""The actions of a pull request's screen alone; like those of the fix screen."""
CHOOSING_LABELS = "ABCDEF"
"""The attempts that have a key of their own on the attempts screen; the others are in a menu."""
ATTEMPT_ACTIONS: tuple[Action, ...] = (
    Action("attempts.read", "read", ("enter",), "read the attempt's review", _ATTEMPTS, 1,
           short="read"),
    Action("attempts.take", "take", ("t",), "take the attempt…", _ATTEMPTS, 2, short="take"),
    *(
        Action(f"attempts.choose-{one.lower()}", f"choose('{one}')", (one.lower(),),
               f"choose {one} for the piece, or go to it", _ATTEMPTS)
        for one in CHOOSING_LABELS
    ),
    Action("attempts.choose", "choose_from", ("space",), "choose for the piece…", _ATTEMPTS, 3,
           short="choose"),
    Action("attempts.base", "choose('')", ("0", "backspace"), "keep the base for the piece",
           _ATTEMPTS, 4, short="base"),
    Action("attempts.choose-all", "choose_all", ("A",), "choose many pieces…", _ATTEMPTS, 5,
           short="choose many"),
    Action("attempts.check", "check", ("g",), "check the graft", _ATTEMPTS, 6,
           short="check graft"),
    Action("attempts.take-graft", "take_graft", ("T",), "take the graft…", _ATTEMPTS, 7,
           short="take graft"),
    Action("attempts.return", "give_back", ("u",), "undo the last take…", _ATTEMPTS, 8,
           short="undo"),
    Action("attempts.one", "view('ATTEMPT')", ("1",), "one attempt", _ATTEMPTS, 9),
    Action("attempts.points", "view('POINTS')", ("2",), "where they part", _ATTEMPTS, 9),
    Action("attempts.pieces", "view('PIECES')", ("3",), "pieces", _ATTEMPTS, 9),
    Action("attempts.graft", "view('GRAFT')", ("4",), "the graft and its check", _ATTEMPTS, 10,
           short="graft"),
    Action("attempts.piece-next", "piece(1)", ("n",), "next piece", _ATTEMPTS, 11),
    Action("attempts.piece-previous", "piece(-1)", ("N",), "previous piece", _ATTEMPTS),
    Action("attempts.shift-left", "shift(-1)", ("left_square_bracket",),
           "the attempt before in the columns", _ATTEMPTS),
    Action("attempts.shift-right", "shift(1)", ("right_square_bracket",),
           "the next attempt in the columns", _ATTEMPTS, 12, short="other columns"),
    Action("attempts.cancel", "cancel", ("ctrl+x",), "cancel the attempt", _ATTEMPTS, 13,
           short="cancel"),
    Action("attempts.cancel-all", "cancel_all", ("X",), "cancel all attempts…", _ATTEMPTS, 14,
           short="cancel all"),
    Action("attempts.reveal", "reveal", ("R",), "reveal the writers", _ATTEMPTS, 15,
           short="reveal"),
    Action("attempts.shell", "shell", ("exclamation_mark",), "shell in the attempt's tree",
           _ATTEMPTS, 16, short="shell"),
    Action("attempts.discard", "discard", ("D", "delete"), "discard the attempts…", _ATTEMPTS, 17,
           short="discard"),
    Action("attempts.others", "others", ("G",), "other tasks, or a new one…", _ATTEMPTS, 18,
           short="others"),
    Action("attempts.home", "home", ("H",), "back to your own change", _ATTEMPTS, 19,
           short="your change"),
    Action("attempts.leave", "leave", ("escape",), "back to the findings", _ATTEMPTS, 20,
           short="back"),
)
"""The actions of the attempts screen alone; like those of the fix screen."""
# fmt: on

SHARED_ACTIONS: dict[str, str] = {
    **{
        action.id: action.method
        for action in ACTIONS
        if action.id.startswith(("cursor.", "scroll.", "hunk.", "file.p", "file.n", "app.help"))
    },
    "finding.next": "finding(1)",
    "finding.previous": "finding(-1)",
    "code.go": "go_to_code",
    "code.edit": "edit",
    "code.wrap": "wrap",
    "code.side-by-side": "side_by_side",
    "pane.next": "cycle(1)",
    "pane.previous": "cycle(-1)",
    "question.open": "app.answer_question",
    "app.redraw": "app.repaint",
    "app.quit": "app.quit_now",
}
"""The actions of the main screen that the fix screen has too, with its methods, by id."""

PULL_SHARED_ACTIONS = {
    id: method
    for id, method in SHARED_ACTIONS.items()
    if id.startswith(("cursor.", "pane.", "question.", "app."))
}
"""Those of them that the screen of a pull request has."""

ATTEMPT_SHARED_ACTIONS = {
    id: method
    for id, method in SHARED_ACTIONS.items()
    if id.startswith(("cursor.", "scroll.", "pane.", "question.", "app.")) or id == "code.edit"
}
"""Those of them that the attempts screen has."""

ALL_ACTIONS = (*ACTIONS, *FIX_ACTIONS, *PULL_ACTIONS, *ATTEMPT_ACTIONS)

ACTIONS_BY_ID: dict[str, Action] = {action.id: action for action in ALL_ACTIONS}
