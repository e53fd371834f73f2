"""The views of the journal, for people who open it with any SQLite tool, as steps 2, 4 and 5 of
`migrate` make them. They are released: a change is a new step, with SQL of its own.

SQLite tools print to terminals what they are given, and a title or a file name may be hostile. So
each text goes through what SQL can do of `domain.text.visible`: a control character (C0, C1 and
DEL of ECMA-48), a bidirectional control (UAX #9) and the usual invisible ones become the same glyph
as everywhere else. NUL stays, since SQL's `replace` can't name it and tools stop there. A text that
isn't valid Unicode, which the journal holds as a BLOB, is shown in hexadecimal.
"""

from typing import NamedTuple

_INTRODUCERS = (0x1B, 0x90, 0x98, 0x9B, 0x9D, 0x9E, 0x9F)
_UNSAFE = (
    *range(0x01, 0x20),  # neither of these is special in the set of a GLOB
    *range(0x7F, 0xA0),
    0x00AD,
    0x061C,
    0x180E,
    *range(0x200B, 0x2010),
    *range(0x2028, 0x202F),
    *range(0x2060, 0x2070),
    0x3164,
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
)
_BIDIRECTIONAL = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))


def _glyph(code: int) -> str:
    """What is shown instead of an unsafe character."""
    if code < 0x20:
        return chr(0x2400 + code)
    if code < 0xA0:
        return "␡" if code == 0x7F else "␦"
    return "⇄" if code in _BIDIRECTIONAL else "⌧"


_UNSAFE_GLOB = "'*[' || char({}) || ']*'".format(", ".join(map(str, _UNSAFE)))
_AT_ONCE = 16
"""SQLite's parser accepts about thirty nested calls."""


class View(NamedTuple):
    """A view with the SELECT of its raw values.

    `numbers` are the columns that hold no text.
    """

    name: str
    columns: tuple[str, ...]
    numbers: tuple[str, ...]
    body: str


def _text(path: str, payload: str = "payload") -> str:
    expression = f"json_extract({payload}, '{path}')"
    for code in _INTRODUCERS:
        expression = f"replace({expression}, char({code}), '␛')"
    return expression


def neutral(view: View) -> str:
    """The SELECT of a view with every text in it neutralised.

    Only rows with something unsafe are cleaned: that takes a hundred times as long.
    """
    columns = ", ".join(view.columns)
    texts = [name for name in view.columns if name not in view.numbers]
    unsafe = " OR ".join(f"typeof({name}) = 'blob'" for name in texts)
    joined = " || ".join(f"coalesce({name}, '')" for name in texts)
    # Most rows are plain ASCII, which is checked ten times as fast.
    unsafe += f" OR ({joined} GLOB '*[^ -~]*' AND {joined} GLOB {_UNSAFE_GLOB})"
    steps = [f"WITH raw AS ({view.body})"]
    source = f"raw WHERE {unsafe}"
    for start in range(0, len(_UNSAFE), _AT_ONCE):
        codes = _UNSAFE[start : start + _AT_ONCE]
        shown = ", ".join(_column(view, name, codes, is_raw=not start) for name in view.columns)
        steps.append(f"cleaner_{start} AS (SELECT {shown} FROM {source})")
        source = f"cleaner_{start}"
    return f"""{", ".join(steps)}
        SELECT {columns} FROM raw WHERE NOT ({unsafe})
         UNION ALL SELECT {columns} FROM {source}"""


def _column(view: View, name: str, codes: tuple[int, ...], *, is_raw: bool) -> str:
    if name in view.numbers:
        return name
    shown = f"CASE typeof({name}) WHEN 'blob' THEN quote({name}) ELSE {name} END"
    shown = shown if is_raw else name
    for code in codes:
        shown = f"replace({shown}, char({code}), '{_glyph(code)}')"
    return f"{shown} AS {name}"


_SESSIONS = f"""
    SELECT opened.session,
           opened.repository,
           opened.at AS opened_at,
           opened.actor,
           {_text("$.kind", "opened.payload")} AS kind,
           {_text("$.title", "opened.payload")} AS title,
           json_extract(opened.payload, '$.base') AS base,
           json_extract(opened.payload, '$.head') AS head,
           {_text("$.program", "opened.payload")} AS program,
           (SELECT count(*) FROM events AS report
             WHERE report.session = opened.session AND report.type = 'report-received') AS reports,
           (SELECT count(*) FROM events AS decision
             WHERE decision.session = opened.session AND decision.type = 'decision-made')
             AS decisions
      FROM events AS opened
     WHERE opened.type = 'session-opened'
    """

# SQLite takes a bare column beside max() from the row that has the maximum.
_TURNED = """turned AS (
        SELECT repository,
               json_extract(payload, '$.action') AS action,
               type,
               max(sequence)
          FROM events
         WHERE type IN ('decision-undone', 'decision-redone')
         GROUP BY 1, 2
    )"""

_DECISIONS = f"""
    WITH {_TURNED}
    SELECT made.sequence,
           made.at,
           made.session,
           made.repository,
           made.actor,
           json_extract(made.payload, '$.action') AS action,
           subject.value AS fingerprint,
           json_extract(made.payload, '$.verdict') AS verdict,
           json_extract(made.payload, '$.reason') AS reason,
           coalesce(turned.type <> 'decision-undone', 1) AS holds
      FROM events AS made
      JOIN json_each(made.payload, '$.subjects') AS subject
      LEFT JOIN turned
        ON turned.repository = made.repository
       AND turned.action = json_extract(made.payload, '$.action')
     WHERE made.type = 'decision-made'
    """

_DECIDED_AND_NOTED = f"""\
    ), decided AS (
        SELECT repository, fingerprint, verdict, reason, at, actor, max(sequence)
          FROM decisions
         WHERE holds
         GROUP BY 1, 2
    ), noted AS (
        SELECT repository, subject.value AS fingerprint, {_text("$.text")} AS note, max(sequence)
          FROM events
          JOIN json_each(payload, '$.subjects') AS subject
         WHERE events.type = 'note-written'
         GROUP BY 1, 2
    )
    SELECT reported.repository,
           reported.fingerprint,
           reported.reviewer,
           reported.path,
           reported.line,
           reported.severity,
           reported.category,
           reported.title,
           reported.claim,
           begun.first_reported_at,
           reported.last_reported_at,
           reported.times_reported,
           decided.verdict,
           decided.reason,
           decided.at AS decided_at,
           decided.actor AS decided_by,
           coalesce(noted.note, '') AS note
      FROM reported
      JOIN begun USING (repository, fingerprint)
      LEFT JOIN decided USING (repository, fingerprint)
      LEFT JOIN noted USING (repository, fingerprint)
    """

_LAST_REPORT = f"""\
{_text("$.reviewer.name")} AS reviewer,
               {_text("$.anchor.path")} AS path,
               json_extract(payload, '$.anchor.start_line') AS line,
               json_extract(payload, '$.severity') AS severity,
               json_extract(payload, '$.category') AS category,
               {_text("$.title")} AS title,
               {_text("$.claim")} AS claim,
               at AS last_reported_at"""

_FINDINGS = f"""
    WITH decisions AS ({_DECISIONS}), reported AS (
        SELECT repository,
               json_extract(payload, '$.fingerprint') AS fingerprint,
               {_LAST_REPORT},
               count(*) AS times_reported,
               max(sequence)
          FROM events
         WHERE type = 'report-received'
         GROUP BY 1, 2
    ), begun AS (
        SELECT repository,
               json_extract(payload, '$.fingerprint') AS fingerprint,
               min(at) AS first_reported_at
          FROM events
         WHERE type = 'report-received'
         GROUP BY 1, 2
{_DECIDED_AND_NOTED}"""

# An own finding is shown unless it was removed or undone; an edit isn't a new report.
_FINDINGS_WITH_OWN = f"""
    WITH decisions AS ({_DECISIONS}), {_TURNED}, removed AS (
        SELECT event.repository, subject.value AS fingerprint, max(event.sequence) AS sequence
          FROM events AS event
          JOIN json_each(event.payload, '$.subjects') AS subject
          LEFT JOIN turned
            ON turned.repository = event.repository
           AND turned.action = json_extract(event.payload, '$.action')
         WHERE event.type = 'finding-removed'
           AND coalesce(turned.type <> 'decision-undone', 1)
         GROUP BY 1, 2
    ), told AS (
        SELECT event.repository,
               json_extract(event.payload, '$.fingerprint') AS fingerprint,
               event.type,
               event.at,
               event.sequence,
               event.payload
          FROM events AS event
          LEFT JOIN turned
            ON event.type = 'finding-written'
           AND turned.repository = event.repository
           AND turned.action = json_extract(event.payload, '$.action')
          LEFT JOIN removed
            ON json_extract(event.payload, '$.reviewer.kind') = 'person'
           AND removed.repository = event.repository
           AND removed.fingerprint = json_extract(event.payload, '$.fingerprint')
         WHERE event.type IN ('report-received', 'finding-written')
           AND coalesce(turned.type <> 'decision-undone', 1)
           AND coalesce(removed.sequence < event.sequence, 1)
    ), reported AS (
        SELECT repository,
               fingerprint,
               {_LAST_REPORT},
               count(DISTINCT CASE type WHEN 'finding-written' THEN 0 ELSE sequence END)
                 AS times_reported,
               max(sequence)
          FROM told
         GROUP BY 1, 2
    ), begun AS (
        SELECT repository, fingerprint, min(at) AS first_reported_at FROM told GROUP BY 1, 2
{_DECIDED_AND_NOTED}"""

VIEWS = (
    View(
        "sessions",
        (
            *("session", "repository", "opened_at", "actor", "kind", "title", "base", "head"),
            *("program", "reports", "decisions"),
        ),
        ("reports", "decisions"),
        _SESSIONS,
    ),
    View(
        "decisions",
        (
            *("sequence", "at", "session", "repository", "actor", "action", "fingerprint"),
            *("verdict", "reason", "holds"),
        ),
        ("sequence", "holds"),
        _DECISIONS,
    ),
    View(
        "findings",
        (
            *("repository", "fingerprint", "reviewer", "path", "line", "severity", "category"),
            *("title", "claim", "first_reported_at", "last_reported_at", "times_reported"),
            *("verdict", "reason", "decided_at", "decided_by", "note"),
        ),
        ("line", "times_reported"),
        _FINDINGS,
    ),
)

FINDINGS_WITH_OWN = VIEWS[-1]._replace(body=_FINDINGS_WITH_OWN)
"""The view `findings` since step 5: with what people wrote themselves."""
