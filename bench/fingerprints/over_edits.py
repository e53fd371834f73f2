"""Over edits made by hand, so to say, to the files of the last commit."""

from edited_files import edits
from engines import Engines
from git_trees import Git
from lines import Moved
from score import Score, keyed
from sessions import Sessions


def over_edits(git: Git, asked: Engines, most: int, *, with_context: bool) -> tuple[Score, Score]:
    own, carried = Score(), Score()
    tree = git.tree(git("rev-parse", "HEAD").decode().strip())
    edited = 0
    for path, blob in tree.items():
        content = git.blob(blob)
        reports = asked.reports(path, content)
        if not reports or edited >= most:
            continue
        edited += 1
        rows = content.decode("utf-8", "surrogateescape").split("\n")
        for kind, new_path, new_rows, where in edits(path, rows, reports):
            new_content = "\n".join(new_rows).encode("utf-8", "surrogateescape")
            sessions = Sessions(with_context=with_context)
            first = sessions.review({path: content}, reports)
            new_reports = asked.reports(new_path, new_content)
            taken = sessions.review({new_path: new_content}, new_reports)
            lines = Moved(path, new_path, where)
            for score, befores, nows in (
                (own, [one.own for one in first], [one.own for one in taken]),
                (
                    carried,
                    [one.report.fingerprint for one in first],
                    [one.report.fingerprint for one in taken],
                ),
            ):
                score.compare(
                    keyed(list(zip(befores, reports, strict=True))),
                    keyed(list(zip(nows, new_reports, strict=True))),
                    lines,
                    lambda report, new, kind=kind: (kind,),
                )
    return own, carried
