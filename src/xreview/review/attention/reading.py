"""Reads the attention of a change: what is at stake, what is known about its files, what is
demanded, and what happened before."""

from pathlib import Path

from xreview.config.demanded import demanded_levels
from xreview.config.ignore import rules_of
from xreview.config.schema import Settings
from xreview.domain.attention.attention import ChangeAttention
from xreview.domain.attention.weighing import attention_of
from xreview.domain.stakes.stakes import Stakes
from xreview.review.attention.file_facts import look_up_facts
from xreview.review.record.experience import read_experience
from xreview.review.session.whole_change import WholeChange
from xreview.review.stakes.reading import read_stakes


def read_attention(
    change: WholeChange, settings: Settings, journal: Path
) -> tuple[Stakes, ChangeAttention]:
    """Return what is at stake in a change, and how much human reading it deserves. Blocks on git
    and on the journal."""
    ignores = rules_of(settings.ignore).ignores
    files = tuple(file for file in change.files if not ignores(file.path))
    stakes = read_stakes(files, change.tree)
    paths = {path for file in files for path in (file.path, file.old_path) if path}
    demanded = demanded_levels(settings, paths)
    facts = look_up_facts(change, files)
    experience = read_experience(journal, change.repository_name)
    return stakes, attention_of(stakes, facts, demanded, experience)
