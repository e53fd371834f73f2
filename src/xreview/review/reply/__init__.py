"""What comes back from a model: hostile text until each part of it was checked."""
