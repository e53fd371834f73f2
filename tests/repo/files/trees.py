"""Trees that git makes for nobody, written by hand: `..`, absolute names, one name twice.

id = commit_of(builder, [("100644", "../up.py", b"print(1)\n"), ("120000", "link", b"/tmp")])
"""

from collections.abc import Iterable

from tests.repo.builder import Builder

FILE, LINK, FOLDER = "100644", "120000", "40000"
Entry = tuple[str, str, "bytes | list[Entry]"]


def tree_of(repository: Builder, entries: Iterable[Entry]) -> str:
    """Store a tree with these entries as they stand; a list is a folder. Gives back its id."""
    rows: list[bytes] = []
    for mode, name, what in entries:
        id = (
            tree_of(repository, what)
            if isinstance(what, list)
            else repository.git("hash-object", "-w", "--stdin", input=what)
        )
        rows.append(b"%s %s\0%s" % (mode.encode(), name.encode(), bytes.fromhex(id)))
    literally = ("hash-object", "-t", "tree", "--literally", "-w", "--stdin")
    return repository.git(*literally, input=b"".join(rows))


def commit_of(repository: Builder, entries: Iterable[Entry], parent: str = "HEAD") -> str:
    """Commit such a tree on no branch. Gives back the commit's id."""
    tree = tree_of(repository, entries)
    return repository.git("commit-tree", "-p", parent, "-m", "by hand", tree)
