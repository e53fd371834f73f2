"""Finding out who wrote a change, from evidence on this machine alone."""
