"""Coursework on recurrent neural networks: data, training, checks and grading.

Importing this package is cheap on purpose (no torch): import the part you need.
"""

__version__ = "0.1.0"
