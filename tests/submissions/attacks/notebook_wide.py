"""tries: hand in thirty megabytes of notebook that become a gigabyte once they are read

after: folder
bomb: yes
"""

with open("speech_commands.ipynb", "w") as file:
    file.write('{"nbformat": 4, "metadata": {"x": [' + "[]," * 10_000_000 + ']}, "cells": []}')
