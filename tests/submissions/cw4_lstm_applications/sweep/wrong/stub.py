"""misconception: missing"""
import itertools
import json
import math
from pathlib import Path

best = None
raise_later = NotImplementedError
