"""Small modal questions: one of several choices, a line of text, yes or no, a page to read."""
