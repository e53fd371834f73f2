"""The two embedded analysers, one for each lens, which need no key, agent or network."""
