"""Which coding agent's edits occur in a change that is not committed yet, from its transcripts.

    found = session_evidence(worktree, added_lines(change.files), since, os.environ, deadline)

Transcripts hold prompts and secrets. They are only read, on this machine; tool, model, path and
time are kept, and what an edit wrote is compared by its hash in memory and forgotten. None of the
formats is a stable interface (design reference: authorship.md, section 5), so whatever is not
understood is passed over.
"""
