"""Judges of coursework 1: a recurrent network by hand, forward, backward and proved."""
