"""misconception: not_written

Nothing written.
"""

import numpy as np
import torch


def generate_inputs_labels(n, rng):
    raise NotImplementedError()
