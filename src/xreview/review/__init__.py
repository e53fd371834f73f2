"""The use-cases of one review: asynchronous, without any interface."""
