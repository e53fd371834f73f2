"""The main screen: panes, movement, decisions."""
