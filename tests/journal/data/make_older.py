"""Write the journals of older versions that the tests bring forward, with the steps of that time.

Run it once when a step is added, for the version before: the files it wrote stay as they are.

    python -m tests.journal.data.make_older 1
"""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from tests.journal.build import decided, event, noted, opened, reported, undone

from xreview.domain.events.event import NoteWritten
from xreview.journal.migrate import MIGRATIONS, migrate
from xreview.journal.rows import COLUMNS, FIRST, insertable, row_after
from xreview.journal.subjects import SUBJECTS_OF_EVENTS

HERE = Path(__file__).parent
EVENTS = [
    opened(),
    reported("r1", "f1"),
    reported("r2", "f2", "Money as a float"),
    decided("d1", "f1"),
    decided("d2", "f2", second=1),
    undone("u1", "d2", second=2),
    noted("n1", "f1", "see ticket 7", second=3),
    event("n2", NoteWritten(("f\udc80",), "\x1b[2J"), session="s2", repository="/caf\udce9"),
]


def main(version: int) -> None:
    path = HERE / f"version-{version}.sqlite3"
    path.unlink(missing_ok=True)
    insert = f"INSERT INTO events ({', '.join(COLUMNS[1:])}) VALUES ({','.join('?' * 10)})"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 512")
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, MIGRATIONS[:version])
        heads: dict[str, str] = {}
        for one in EVENTS:
            row = row_after(one, heads.get(one.session, FIRST))
            connection.execute(insert, insertable(row))
            heads[one.session] = row.hash
        if version >= 3:
            connection.execute(f"INSERT INTO subjects (subject, sequence) {SUBJECTS_OF_EVENTS}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
