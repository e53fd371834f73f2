"""HTTP for models: a client per host, with its retries, stream formats and error messages.

The rules are in the reference `providers.md`, section 0. httpx is imported with the first request.
"""
