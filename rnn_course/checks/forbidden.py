"""Notices an answer that calls the very thing it was to implement, or to derive by hand.

Evidence is looked for in four places: which watched torch functions ran, which modules an
instance is built of, which classes it derives from, and what its source names. The first three
are proof: the question fails. A mere mention in the source is told to the instructor.
"""

import ast
import re
from collections.abc import Iterable

from rnn_course.checks.coursework import Marking
from rnn_course.checks.mistakes import mistake
from rnn_course.checks.requests import Anatomy, Describe, Outcome
from rnn_course.checks.subject import Subject
from rnn_course.checks.values import Raised
from rnn_course.checks.watch import AUTOGRAD
from rnn_course.checks.withheld import asks_for_gone, asks_for_gradients

RECURRENT = frozenset({"LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell", "RNNBase"})
ATTENTION = frozenset({"MultiheadAttention", "Transformer", "TransformerEncoderLayer"})
_HIDDEN_CALLS = frozenset(
    {
        "lstm_cell",
        "gru_cell",
        "rnn_tanh_cell",
        "rnn_relu_cell",
        "_thnn_fused_lstm_cell",
        "_thnn_fused_gru_cell",
        "_VF",
        "_VariableFunctions",
    }
)

FORBIDDEN = mistake(
    "calls_the_solution",
    "Your code hands the work to the library part that it was to implement.",
    "The point of the question is to write these equations yourself.",
)

BY_MACHINE = mistake(
    "differentiated_automatically",
    "The gradients were computed by torch's automatic differentiation.",
    "The point of the question is to derive them by hand, in NumPy. Afterwards torch may do it.",
)
_BY_MACHINE = re.compile(r"\b(?:autograd|requires_grad|torch\.func|jax)\b")


def forbidden(
    subject: Subject,
    marking: Marking,
    name: str,
    *,
    outcomes: Iterable[Outcome] = (),
    anatomy: Anatomy | Raised | None = None,
    tools: frozenset[str] = RECURRENT,
) -> bool:
    """Fail the question if the answer uses what it was to implement; True if it does.

    Args:
        subject: the student's answers.
        marking: of the question; the incident is recorded in it for the instructor.
        name: the student's class or function.
        outcomes: of all runs so far; what they ``used`` is proof.
        anatomy: of an instance, if there is one.
        tools: names of the classes in ``torch.nn`` that are out of bounds.
    """
    described = subject.ask(Describe(name))
    parts = anatomy.modules if isinstance(anatomy, Anatomy) else ()
    library = [c for c in (*parts, *described.bases) if _is_tool(c, tools)]
    outcomes = tuple(outcomes)
    called = sorted({function for outcome in outcomes for function in outcome.used} - {AUTOGRAD})
    if not called and any(
        asks_for_gone(outcome.error.text) for outcome in outcomes if outcome.error
    ):
        called = ["own recurrent layers"]
    # what a kernel says of its source may be another's; where the notebook is at hand, it counts
    texts = dict.fromkeys((subject.source(name), described.source))
    found = [_named_in(text, tools) for text in texts]
    hidden, mentioned = ([what for part in found for what in part[i]] for i in range(2))
    proof = [*(f"torch's {c}" for c in called), *library, *hidden]
    if any(part.startswith("torch.jit") for part in parts):
        proof += [f"{what}, compiled" for what in mentioned]  # which hides what it is made of
    if proof:
        what = ", ".join(dict.fromkeys(proof))
        marking.incidents.append(f"{name} uses {what}, which it was to implement.")
        marking.fail_all(f"`{name}` uses {what}.", FORBIDDEN)
        return True
    if mentioned:
        what = ", ".join(mentioned)
        marking.incidents.append(f"The source of {name} mentions {what}; no use of it was seen.")
    return False


def differentiated(
    subject: Subject, marking: Marking, name: str, outcomes: Iterable[Outcome]
) -> bool:
    """Fail the question if torch computed derivatives that were to be derived by hand.

    Args:
        subject: the student's answers.
        marking: of the question; the incident is recorded in it for the instructor.
        name: the student's function.
        outcomes: of its runs.
    """
    if any(map(_asks_torch, outcomes)):
        marking.incidents.append(f"{name} lets torch differentiate; it was to be done by hand.")
        marking.fail_all(f"`{name}` lets torch compute the gradients.", BY_MACHINE)
        return True
    hints = sorted(set(_BY_MACHINE.findall(subject.source(name))))
    if hints:
        said = f"The source of {name} mentions {', '.join(hints)}; no use of it was seen."
        marking.incidents.append(said)
    return False


def _asks_torch(outcome: Outcome) -> bool:
    asked = outcome.error is not None and asks_for_gradients(outcome.error.text)
    return asked or AUTOGRAD in outcome.used


def _is_tool(qualified: str, tools: frozenset[str]) -> bool:
    module, _, name = qualified.rpartition(".")
    return module.startswith("torch.") and name in tools


def _named_in(source: str, tools: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return what a source calls behind the watch's back, and which forbidden tools it names."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return [], []
    hidden, mentioned = [], []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            if node.attr in _HIDDEN_CALLS:
                hidden.append(node.attr)
            elif node.attr in tools and _dotted(node.value) not in ("self", "cls"):
                mentioned.append(f"{_dotted(node.value)}.{node.attr}")
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [alias.name.rpartition(".")[2] for alias in node.names]
            mentioned += [f"import {n}" for n in names if n in tools]
        elif isinstance(node, ast.Call) and _dotted(node.func) in ("getattr", "__import__"):
            mentioned += _suspicious_text(node, tools)
    return list(dict.fromkeys(hidden)), list(dict.fromkeys(mentioned))


def _suspicious_text(node: ast.Call, tools: frozenset[str]) -> list[str]:
    texts = [a.value for a in node.args if isinstance(a, ast.Constant) and type(a.value) is str]
    return [f"getattr(…, {text!r})" for text in texts if text in tools | _HIDDEN_CALLS]


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "…"
