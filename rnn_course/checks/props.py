"""Modules and functions that a judge hands to a student's code, where it takes a model."""
