"""GitLab: gitlab.com and self-managed servers, over API v4; GraphQL only to request changes."""
