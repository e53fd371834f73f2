"""A sample service with its history, and scripted replies of the models that review it."""
