"""A sample service with its history, and written replies of the models that review it."""
