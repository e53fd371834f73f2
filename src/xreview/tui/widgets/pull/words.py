"""The sentences of a pull request's screen: its header, and what is read before posting."""

from collections.abc import Iterator

from rich.cells import cell_len

from xreview.domain.pull.pull import Pull
from xreview.domain.text import count_of, shorten, visible
from xreview.tui.widgets.pull.state import PullTab, ShownPull
from xreview.tui.widgets.text_pane import TextPart

NOTHING_LEFT = "Everything that is accepted is posted."
REST_IN_THREADS = (
    "What has no thread here is posted. The other findings have one: press {threads} to reply "
    "there."
)
ALL_IN_THREADS = (
    "Every accepted finding has a thread here already, so none is posted again. Press {threads} to "
    "reply there."
)
NOTHING_ACCEPTED = "Nothing is accepted yet. Go back and accept findings to post them."
NO_THREADS = "No thread to answer: those of findings that you decide on are listed here."
MOVED = (
    "The pull request has changed since it was reviewed. Each finding goes where its code is now."
)
OTHERS = "You have a pending review with comments of your own. Posting adds to it."


def pull_title(pull: Pull, width: int) -> list[TextPart]:
    """Return the first line: which pull request, and its state."""
    mark, state = visible(pull.address.shown), f" · {pull.state_words}"
    room = max(8, width - cell_len(mark) - len(state) - len(" pull request    "))
    title = shorten(visible(pull.title), room)
    return [(" pull request ", "bold reverse"), (f" {mark} ", "bold"), title, state]


def tab_parts(tab: PullTab, threads: int, shown: ShownPull) -> list[TextPart]:
    """Return the second line: both lists with their length, and who it is posted as."""
    parts: list[TextPart] = []
    to_post = len(shown.preview.plan.comments) if shown.preview else "?"
    labels = {PullTab.POST: f"To post {to_post}", PullTab.THREADS: f"Threads {threads}"}
    for one, label in labels.items():
        is_here = one is tab
        sign = "▸" if is_here else " "
        parts.append((f" {sign}{one.value} {label} ", "bold reverse" if is_here else "$text-muted"))
    host = shown.preview.pull.address.forge.name if shown.preview else ""
    if shown.account:
        parts.append((f"  as {visible(shown.account)} on {visible(host)}", "bold"))
    return parts


def told_parts(shown: ShownPull) -> list[TextPart]:
    """Return the lines below the header: what is being done, what failed, what to know."""
    parts: list[TextPart] = []
    if shown.doing:
        parts.append((f"● {visible(shown.doing)} …\n", "bold $text-accent"))
    if shown.trouble:
        parts.append((f"✗ {visible(shown.trouble)}\n", "bold $text-error"))
    parts += [f"{visible(one)}\n" for one in shown.told]
    parts += [(f"! {visible(one)}\n", "bold $text-warning") for one in _warnings(shown)]
    if shown.pending is not None:
        parts.append((f"● {pending_words(shown)}\n", "bold $text-success"))
    return parts


def _warnings(shown: ShownPull) -> Iterator[str]:
    if (preview := shown.preview) is None:
        return
    if preview.adds_to_draft:
        yield OTHERS
    yield from preview.notices


def pending_words(shown: ShownPull) -> str:
    """Return what the pending review holds: only its author sees it."""
    count = len(shown.pending.comments) if shown.pending else 0
    told = f"{count_of(count, 'comment')} on lines and files, and its text"
    return f"Pending review: {told}. Only you see it."


def empty_list_words(tab: PullTab, shown: ShownPull, accepted: int, threads: str) -> str:
    """Return what an empty list says; `threads` is the key that lists the threads."""
    if tab is PullTab.THREADS:
        return NO_THREADS
    if shown.preview is None:
        return "Asking the forge …" if shown.doing else "Not known: the forge could not be asked."
    return nothing_to_post(shown, accepted, threads)


def nothing_to_post(shown: ShownPull, accepted: int, threads: str) -> str:
    """Return why there is nothing to post, and where to go instead."""
    if not accepted:
        return NOTHING_ACCEPTED
    plan = shown.preview.plan if shown.preview else None
    posted = len(plan.already) if plan else 0
    if posted >= accepted:
        return NOTHING_LEFT
    return (REST_IN_THREADS if posted else ALL_IN_THREADS).format(threads=threads)
