"""GitHub: github.com, `*.ghe.com`, and GitHub Enterprise Server, over REST and GraphQL."""
