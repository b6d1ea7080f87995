"""Some of these tests use the instructor's side, which a student's installation does not have."""

from importlib.util import find_spec

# they read answers by `rnn_course.authoring`, which builds through nbgrader
collect_ignore = (
    [] if find_spec("nbgrader") else ["test_corpus.py", "test_never_harmed.py", "test_unusual.py"]
)
