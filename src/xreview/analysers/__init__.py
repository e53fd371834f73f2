"""The two embedded analysers, one for each lens: no key, no agent, no network."""
