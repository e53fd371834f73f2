"""Having a model or a coding agent change the files of a disposable tree, whatever it is asked."""
