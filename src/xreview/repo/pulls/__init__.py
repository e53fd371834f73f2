"""Pull requests in a repository: its remotes' projects, and fetching both sides of a request."""
