"""Who wrote a change, weighed from evidence."""
