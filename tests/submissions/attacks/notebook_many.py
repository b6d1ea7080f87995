"""tries: hand in hundreds of notebooks of which none has the right name

after: folder
bomb: yes
"""

import json

source = "\n".join(f"x{i} = [a, b, c, d]" for i in range(2500))
cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
for number in range(400):
    with open(f"{number}.ipynb", "w") as file:
        json.dump({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]}, file)
