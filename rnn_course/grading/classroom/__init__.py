"""A class: all submissions of one coursework, on this machine or on a cluster."""
