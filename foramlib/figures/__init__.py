"""Pictures and their words, from the same numbers."""
