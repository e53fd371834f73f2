"""What a model is asked: templates, requests that fit its window, and the coverage."""
