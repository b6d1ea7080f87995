"""tries: clear the instructor's screen with the text of an error, a name and a print

after: marks
"""


class Sly(Exception):
    def __str__(self):
        return "\x1b[2J\x1b]0;@MARK@\x07\r\x9b31m\u202e[red]15 of 15[/red] <script>@MARK@</script>"


Sly.__name__ = Sly.__qualname__ = "\x1b[2J<script>@MARK@</script>"


class LSTMCell:
    def __init__(self, input_size, hidden_size, bias=True):
        print("\x1b[2J")
        raise Sly


def double(x):
    raise Sly


square = double
