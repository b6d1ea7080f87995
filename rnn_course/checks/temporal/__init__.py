"""Judges of coursework 3, one module a topic, and what they know of its mistakes."""
