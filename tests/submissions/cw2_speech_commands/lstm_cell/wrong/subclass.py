"""misconception: calls_the_solution"""

import torch
from torch import nn


from torch.nn import LSTMCell as Base


class LSTMCell(Base):
    def __init__(self, input_size, hidden_size, bias=True):
        super().__init__(input_size, hidden_size, bias)
