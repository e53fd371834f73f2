"""The forges: GitHub, GitLab, Gitea and Forgejo, and Bitbucket Cloud for reading only.

One package or module for each, behind `ports.forge.Forge`. The calls, their limits and their traps
are in the reference `loop-and-forges.md`, section C.
"""
