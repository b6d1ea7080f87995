"""Judges which curve the student gave to which kind of network."""

from rnn_course.checks.coursework import Marking, Question
from rnn_course.checks.report import Criterion, Misconception
from rnn_course.checks.requests import Describe
from rnn_course.checks.subject import Subject

ANSWERS = {"A_model": "GRU", "B_model": "RNN", "C_model": "LSTM"}
_READ = "Which curve is which"

NOT_TEXT = Misconception(
    "not_a_text",
    "An answer is not a text.",
    'Write exactly one of "RNN", "LSTM", "GRU", in quotes and without brackets.',
    _READ,
)
SPELLING = Misconception(
    "spelling",
    "The names are right, but not spelled as asked for.",
    'Capitals count: "RNN", "LSTM", "GRU", without spaces.',
    _READ,
)
UNKNOWN_NAME = Misconception(
    "no_such_network",
    "An answer is none of the three networks.",
    'The choice is between "RNN", "LSTM" and "GRU".',
    _READ,
)
TWICE = Misconception(
    "named_twice",
    "The same network is named twice.",
    "Each of the three networks belongs to one of the curves.",
    _READ,
)
GATED_SWAPPED = Misconception(
    "gated_networks_exchanged",
    "The plain RNN is found; the two gated networks are exchanged.",
    "With the same number of parameters, the one with fewer gates has more hidden units.",
    _READ,
)
PLAIN_MISTAKEN = Misconception(
    "plain_network_mistaken",
    "A gated network is taken for the plain one.",
    "Without gates the gradient fades within a few steps, and so does what can be learned.",
    _READ,
)


def judge(subject: Subject, seed: int, marking: Marking) -> None:
    """Compare the three answers with those that the data show. Nothing is random here."""
    given = {name: subject.ask(Describe(name)).value for name in ANSWERS}
    known = _recognised(given)
    for name, right in ANSWERS.items():
        if type(given[name]) is str and given[name] == right:
            marking.passed(name)
        else:
            curve = name.removesuffix("_model")
            came = repr(given[name])[:40]
            marking.failed(name, f"{name} is {came}: not what curve {curve} shows.", known)


def _recognised(given: dict[str, object]) -> Misconception | None:
    if not all(type(value) is str for value in given.values()):
        return NOT_TEXT
    tidy = [str(value).strip().upper() for value in given.values()]
    if any(text not in ANSWERS.values() for text in tidy):
        return UNKNOWN_NAME
    if len(set(tidy)) < len(tidy):
        return TWICE
    if tidy == list(ANSWERS.values()):
        return SPELLING
    right = list(ANSWERS.values()).index("RNN")
    return GATED_SWAPPED if tidy[right] == "RNN" else PLAIN_MISTAKEN


CURVES = Question(
    "curves",
    "Which curve is which",
    (
        Criterion("A_model", "The network behind curve A", 1.5),
        Criterion("B_model", "The network behind curve B", 2),
        Criterion("C_model", "The network behind curve C", 1.5),
    ),
    judge,
    tuple(ANSWERS),
    read=_READ,
)
