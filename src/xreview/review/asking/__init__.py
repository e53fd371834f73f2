"""Asking one model: the requests, their answers, and their costs."""
