"""Runs strangers' notebooks and judges them from the other side of a wall."""
