"""The repository's own policy file, as it was before the change under review.

What a change says of itself must not decide how it is reviewed: `.xreview.toml` is read from the
base revision, and a change to it holds from the next review on.
"""

from xreview.domain.change import ChangeKind
from xreview.domain.errors import ChangeError
from xreview.repo.change.collecting import CollectedChange

_REGULAR = ("100644", "100755")


def policy_before(collected: CollectedChange, name: str, limit: int) -> tuple[str, bytes] | None:
    """The file at the base revision, and what to call it in messages; None where there is none.

    A patch is taken to apply to HEAD. Raises ChangeError where it is no regular file, is larger
    than `limit` bytes, or can't be read.
    """
    repository, source = collected.repository, collected.source
    if repository is None:
        return None
    base = "HEAD" if source.kind is ChangeKind.PATCH else source.base
    if base is None:
        return None
    listing = repository.start("ls-tree", "-z", "--long", "--full-tree", base, "--", name).finish()
    fields = listing.output.decode("utf-8", "surrogateescape").partition("\t")[0].split()
    if listing.code or not fields:
        return None
    place = f"{name} at {base[:7]}"
    mode, kind, id, size = fields
    if kind != "blob" or mode not in _REGULAR:
        raise ChangeError(f"{place} is not a file.", "Commit a TOML file there, or remove it.")
    if int(size) > limit:
        raise ChangeError(
            f"{place} is larger than {limit // 1024} KiB, which no configuration needs.",
            "Shorten it, or remove it.",
        )
    return place, repository.start("cat-file", "blob", id).finish().checked()
