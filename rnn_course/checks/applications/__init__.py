"""Judges of coursework 4, one module a topic, and what they know of its mistakes."""
