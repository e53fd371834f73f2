"""Finding the coding agent whose edits occur in an uncommitted change, from its transcripts.

    found = session_evidence(worktree, added_lines_by_file(files), since, os.environ, deadline)

Transcripts contain prompts and secrets. They are only read, on this machine: tool, model, path and
time are kept, and written text is compared by an in-memory hash. None of the formats is a stable
interface (shared reference `authorship.md`, section 5), so unknown content is skipped.
"""
