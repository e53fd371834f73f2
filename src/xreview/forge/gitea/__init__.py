"""Gitea and Forgejo, over API v1, which both speak."""
