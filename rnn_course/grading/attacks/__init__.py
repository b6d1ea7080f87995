"""The attack bench: what known attacks achieve here, and under plain nbgrader."""
