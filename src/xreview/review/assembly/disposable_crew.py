"""What fixes and attempts share: models that read and change a disposable tree, and its checks."""

from xreview.agents.base.agent import WritableFolder, is_obeyed
from xreview.domain.change import ChangeKind, ChangeSource
from xreview.domain.errors import ReviewerError
from xreview.domain.record import dataclass
from xreview.domain.stakes.tier import Tier
from xreview.repo.disposable.tree import DisposableTree
from xreview.repo.files.tree import RepositoryTree
from xreview.review.asking.answerer import Voice
from xreview.review.assembly.run_options import RunOptions
from xreview.review.assembly.running import RunningReview
from xreview.review.choosing.panel import Panel
from xreview.review.choosing.selection import ModelSelection
from xreview.review.egress.secret_files import is_secret_file
from xreview.review.fixing.checks import CheckRunner
from xreview.review.tools.toolbox import Toolbox


@dataclass(frozen=True)
class ChangingVoice:
    """A model or an agent that can change a tree; `toolbox` reads it for one without own tools."""

    voice: Voice
    toolbox: Toolbox | None = None


def changing_agent(
    review: RunningReview,
    panel: Panel,
    name: str,
    tree: DisposableTree,
    checks: tuple[str, ...],
    tier: Tier = Tier.DEEP,
) -> ChangingVoice:
    """The agent of that name, which can change the tree and run the checks. Raises ModelError if it
    can't be used."""
    folder = WritableFolder(review.change.checkout, tree.top, checks, tree.links)
    return ChangingVoice(panel.fixer_voice(name, folder, tier))


def changing_model(
    panel: Panel, name: str, tree: DisposableTree, tier: Tier = Tier.DEEP
) -> ChangingVoice:
    """The model of that name, which answers with edits. Raises ConfigError or ModelError."""
    answerer = panel.answerer(name, readable_tree(tree), tier)
    toolbox = answerer.new_toolbox() if answerer.new_toolbox else None
    return ChangingVoice(answerer.voice, toolbox)


def readable_tree(tree: DisposableTree) -> RepositoryTree:
    """The files as they are in the tree, for models to read."""
    return RepositoryTree(
        ChangeSource(ChangeKind.WORKTREE, "a disposable tree", str(tree.top)), tree.repository
    )


def check_runner(options: RunOptions) -> CheckRunner:
    """What runs the user's checks, without the keys of the reviewers."""
    reviewers = options.settings.reviewers.values()
    return CheckRunner(
        options.environ,
        frozenset(one.key_variable for one in reviewers if one.key_variable),
        options.settings.fix.minutes * 60.0,
    )


async def require_consent(selection: ModelSelection, name: str, other: str) -> None:
    """Ask the user, where needed, whether code may go to the model of that name.

    Raises ReviewerError if not; `other` is what to choose instead: "another fixer".
    """
    if not await selection.allows(name):
        raise ReviewerError(
            f"Code may not go to {name}.",
            f"Allow it (`--yes-egress`, or the setting `egress`), or choose {other}.",
        )


def is_hidden_from_agents(path: str) -> bool:
    """Whether a path configures agents or holds secrets: it isn't there while one works."""
    return is_obeyed(path) or is_secret_file(path)
