"""The one round of answers to reports: who is asked, what is sent, and what comes of it."""
