"""What is written to the journal: each kind of event and its JSON."""
