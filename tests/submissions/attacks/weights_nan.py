"""tries: hand in weights that are NaN, infinite or too small, for a model that passes them on

after: folder
"""

import json

import numpy as np
from safetensors.numpy import save_file

numbers = np.array([np.nan, np.inf, -np.inf, 5e-324, 1e-40, -0.0] * 10, "float64").reshape(3, 20)
note = {"class": "RNNModel", "mode": "LSTM", "bias": "True", "input_size": "20"}
note |= {"hidden_size": "8", "num_layers": "1", "output_size": "3"}
save_file({"weight": numbers}, "speech_model.safetensors", note)
source = """
import torch
from torch import nn

class RNNModel(nn.Module):
    def __init__(self, mode, D, H, L, bias, K):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(K, D))

    def forward(self, x, hx=None):
        return x.mean(1) @ self.weight.T
"""
answer = {"grade_id": "rnn_model", "solution": True, "grade": False, "schema_version": 3}
cell = {"cell_type": "code", "id": "rnn_model", "source": source, "outputs": []}
cell |= {"metadata": {"nbgrader": answer}, "execution_count": None}
with open("speech_commands.ipynb", "w") as file:
    json.dump({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}, file)
