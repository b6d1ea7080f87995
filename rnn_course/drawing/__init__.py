"""Pictures that carry an idea, and how a picture reaches every reader.

`show` puts a picture below a cell together with a description for those who do not see it; `Live`
does so again and again in one place; `touch` adds sliders where there are any. The drawings
themselves return their axes, as those of `rnn_course.plotting` do.
"""

from rnn_course.drawing.described import Live, describe, show
from rnn_course.drawing.touch import touch

__all__ = ["Live", "describe", "show", "touch"]
