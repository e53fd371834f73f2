"""What earlier reviews teach about files and topics, in the form in which levels use it."""

from collections import Counter

from xreview.domain.attention.experience import Experience, PathExperience
from xreview.domain.calibration.reviewed import LaterSign, ReviewHistory, reviewed_files
from xreview.domain.scorecard.proportion import Proportion


def experience_of(history: ReviewHistory) -> Experience:
    """Return what happened, by path and by topic.

    A commit or an entry of `log missed` counts once for a path, however many sessions reviewed it.
    """
    signs: dict[str, dict[str, LaterSign]] = {}
    called: Counter[str] = Counter()
    levels = {
        (session, file.path): int(file.level)
        for session, weighed in history.weighed.items()
        for file in weighed.files
    }
    for sign in history.signs:
        signs.setdefault(sign.path, {})[sign.cause] = sign
        level = levels.get((sign.session, sign.path), 0)
        called[sign.path] = max(called[sign.path], level)
    paths = {
        path: PathExperience(len(found), max(one.at for one in found.values())[:10], called[path])
        for path, found in signs.items()
    }
    files: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for file in reviewed_files(history):
        for topic in file.topics or ("",):
            files[topic] += 1
            wrong[topic] += bool(file.wrong)
    return Experience(paths, {topic: Proportion(wrong[topic], of) for topic, of in files.items()})
