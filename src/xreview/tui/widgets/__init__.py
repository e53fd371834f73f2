"""The panes: they get data and post messages."""
