"""Everything that can go wrong, in one tree.

::

    CourseError               what was expected, what came, how to mend it
    ├── DataError             a data set is missing, damaged or not what it says
    │   └── DownloadError     a download broke off or does not match its checksum
    ├── TrainingError         a training run cannot go on (NaN loss, empty data)
    ├── ShapeError            an array does not have the shape that was promised
    ├── CheckError            a check was asked for something that does not exist
    │   └── ObservationError  a Subject could not be observed, or its answer is malformed
    ├── GradingError          a submission or a class cannot be graded
    │   ├── ConfinementError  this machine cannot confine student code
    │   └── StartTimeoutError what runs student code did not start in time
    └── AuthoringError        a notebook of ours is not fit for release

A student's mistake is not an error: it is a failed criterion in a report.
"""


class CourseError(Exception):
    """Base of every error this package raises on purpose.

    Args:
        expected: what should have been there.
        came: what was there instead.
        fix: one imperative sentence that mends it.
    """

    def __init__(self, expected: str, came: str, fix: str) -> None:
        super().__init__(f"Expected {expected}. Got {came}. {fix}")
        self.expected, self.came, self.fix = expected, came, fix


class DataError(CourseError):
    """A data set is missing, damaged or not what it says."""


class DownloadError(DataError):
    """A download broke off or does not match its checksum."""


class TrainingError(CourseError):
    """A training run cannot go on."""


class ShapeError(CourseError):
    """An array does not have the shape that was promised."""


class CheckError(CourseError):
    """A check was asked for something that does not exist."""


class ObservationError(CheckError):
    """A Subject could not be observed, or its answer is malformed."""


class GradingError(CourseError):
    """A submission or a class cannot be graded."""


class ConfinementError(GradingError):
    """This machine cannot confine student code."""


class StartTimeoutError(GradingError):
    """What runs student code did not start in time; on a machine with less to do, it may."""


class AuthoringError(CourseError):
    """A notebook of ours is not fit for release."""
