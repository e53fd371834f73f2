"""What a model is asked: templates, the change in requests that fit, and what was left out."""
