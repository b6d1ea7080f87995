"""tries: hand in answers that take minutes to parse

after: folder
bomb: yes
"""

import json

source = "\n".join(f"x{i} = [a, b, c, d]" for i in range(9000))
cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
with open("speech_commands.ipynb", "w") as file:
    json.dump({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell] * 100}, file)
