"""Where results leave the app: clipboard, editor, export files, other models and people."""
