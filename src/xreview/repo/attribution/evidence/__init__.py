"""Evidence of authorship in a repository; one file for each kind, with its `SOURCE`."""
