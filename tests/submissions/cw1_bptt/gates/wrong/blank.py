"""misconception: not_written

The stub.
"""

def gru_step(x, h, model):
    raise NotImplementedError()


def lstm_step(x, h, c, model):
    raise NotImplementedError()
