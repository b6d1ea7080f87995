"""What a question may withhold: the implementations that an answer has to do without.

A question says so in one word, `Question.without`. When it is judged behind the wall, what it
withholds does not exist in the process that runs the answer; see ``grading.sandbox.removal``.
Nobody has to ask the answer who wrote its computation: what it must not use does not work there.
"""

from collections.abc import Iterable

from rnn_course.errors import AuthoringError

RECURRENT, AUTOGRAD = "recurrent", "autograd"
KINDS = (RECURRENT, AUTOGRAD)

GONE = (
    "torch's own recurrent layers are out of reach while this question is judged: "
    "write the equations yourself"
)
"""What one of them says instead of computing."""

NO_GRADIENTS = "torch takes no derivatives while this question is judged: write them down yourself"
"""What a function of torch's that returns derivatives says instead."""

# torch, of a result that nothing recorded
_NO_GRAPH = (NO_GRADIENTS, "does not have a grad_fn", "none of output has requires_grad")
_NO_PROGRAM = "Operation not permitted"  # the system, of a program that was to be started


def known_kinds(kinds: Iterable[str], question: str) -> frozenset[str]:
    """Return what a question withholds.

    Raises:
        AuthoringError: there is no such kind.
    """
    found = frozenset([kinds] if isinstance(kinds, str) else kinds)
    if unknown := sorted(found - {*KINDS}):
        raise AuthoringError(
            f"in `without` of the question {question} some of {', '.join(map(repr, KINDS))}",
            ", ".join(map(repr, unknown)),
            "Withhold one of those, or nothing.",
        )
    return found


def asks_for_gone(text: str) -> bool:
    """Tell whether an error says that torch's own recurrent layers were called."""
    return GONE in text


def asks_for_gradients(text: str) -> bool:
    """Tell whether an error says that torch was asked for derivatives that it had not recorded."""
    return any(said in text for said in _NO_GRAPH)


def misses(text: str) -> bool:
    """Tell whether a cell's error may come from what is withheld, and not from the cell."""
    return asks_for_gone(text) or asks_for_gradients(text) or _NO_PROGRAM in text
