"""misconception: not_written"""
import statistics
import time

import numpy as np
import torch
from torch import nn


def count_parameters(cell, input_size, hidden_size):
    raise NotImplementedError()


def flops_per_step(cell, input_size, hidden_size):
    raise NotImplementedError()


def seconds_per_call(layer, x, training, repeats=20):
    raise NotImplementedError()
