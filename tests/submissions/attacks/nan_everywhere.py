"""tries: return numbers that compare with nothing

after: marks
"""

def double(x):
    return x * float("nan")


square = double
