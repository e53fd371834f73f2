"""Linters for one kind of file that are used if they are installed beside this program."""
