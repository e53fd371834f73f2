"""The code pane: a whole change as one virtual document."""
