"""Finding out who wrote a change, from local evidence alone: one file per kind of evidence."""
