"""Reading and writing whole files, without following links."""
