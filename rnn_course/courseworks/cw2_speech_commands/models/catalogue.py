"""Where the mistakes in recurrent classifiers are written down, and what they cost."""

from rnn_course.checks.report import Misconception

LAYERS = "From a cell to a model"
DIRECTIONS = "Reading in both directions"
CELL = "What a recurrent network is"
HABITS = "Shapes, and three habits"

MISTAKES: dict[str, Misconception] = {}
CRITERION: dict[str, str] = {}  # the criterion that a mistake costs; "mode" stands for the mode's


def mistake(id: str, criterion: str, seen: str, why: str, read: str = LAYERS) -> None:
    """Write one down: what was seen, why, and the heading to read under."""
    MISTAKES[id] = Misconception(id, seen, why, read)
    CRITERION[id] = criterion
