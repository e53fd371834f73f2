"""Having accepted findings fixed in a disposable tree, and judging what came of it."""
