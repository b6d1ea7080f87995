"""Small questions judged by their recordings: what the engine promises to every question."""

from dataclasses import replace

import numpy as np
import pytest

from rnn_course.checks.cases import Case, array, calls, joined
from rnn_course.checks.coursework import Marking
from rnn_course.checks.judging import judge, judged_by
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.model import unused
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.recording import Source, record
from rnn_course.checks.recording_data import as_data, from_data
from rnn_course.checks.report import Criterion
from rnn_course.checks.requests import Call, StandIn
from rnn_course.checks.values import Ref
from rnn_course.checks.wording import call_text

TWO = "import numpy as np\ndef double(a):\n    return 2 * a\ndef negate(a):\n    return -a\n"


def judged(question, model, answer, above=""):
    """Record a question on its model answer and judge another answer by it."""
    recording = record(question.comparison, Source(question.id, model, above), 1)
    recording = from_data(as_data(recording))
    known = {"np": np}
    exec(above + answer, known)
    report = type(question)(
        question.id,
        question.title,
        question.criteria,
        judged_by(recording),
        question.defines,
    ).report(LocalSubject(known), 1)
    return {verdict.criterion.id: verdict for verdict in report.verdicts}


@pytest.fixture
def two():
    return compare(
        "two",
        "Two functions",
        cases=joined(
            calls("double", array("B"), group="double"),
            calls("negate", array("B"), group="negate"),
        ),
        parts=(
            Part("double", "Twice", 1, groups=("double",)),
            Part("negate", "Negative", 1, groups=("negate",)),
        ),
        signature={"double": ("a",), "negate": ("a",)},
        defines=(),
    )


def test_a_function_that_is_missing_costs_what_asks_for_it_and_nothing_else(two):
    verdicts = judged(two, TWO, "def double(a):\n    return a + a\n")
    assert verdicts["double"].passed
    assert not verdicts["negate"].passed
    assert verdicts["negate"].misconception.id == "name_missing"


def test_a_function_of_other_arguments_costs_what_asks_for_it_and_nothing_else(two):
    verdicts = judged(
        two, TWO, "def double(a, b):\n    return a + b\ndef negate(a):\n    return -a"
    )
    assert verdicts["negate"].passed
    assert verdicts["double"].misconception.id == "wrong_signature"


def test_derivatives_that_were_to_be_written_down_are_not_left_to_torch():
    slope = compare(
        "slope",
        "The derivative of a square",
        cases=calls("slope", array("B")),
        parts=(Part("slope", "Twice the number", 1),),
        signature={"slope": ("a",)},
        without="autograd",
    )
    by_torch = (
        "import torch\ndef slope(a):\n    t = torch.tensor(a, requires_grad=True)\n"
        "    (t**2).sum().backward()\n    return t.grad.numpy()\n"
    )
    verdict = judged(slope, "def slope(a):\n    return 2 * a\n", by_torch)["slope"]
    assert not verdict.passed
    assert verdict.misconception.id == "differentiated_automatically"


ABOVE = "def twice(a, loud=True):\n    return 2 * a\n"


def test_an_earlier_answer_is_stood_in_for_however_it_is_called():
    four = compare(
        "four",
        "Four times",
        cases=calls("four", array("B")),
        parts=(Part("four", "Four times", 1),),
        signature={"four": ("a",)},
        given=("twice",),
    )
    model = "def four(a):\n    return twice(twice(a, loud=False), loud=False)\n"
    answer = "def four(a):\n    return twice(twice(a, False), False)\n"
    wrong_twice = "def twice(a, loud=True):\n    return 3 * a\n"
    recording = record(four.comparison, Source("four", model, ABOVE), 1)
    recording = from_data(as_data(recording))
    known = {"np": np}
    exec(wrong_twice + answer, known)
    marking = Marking(four.criteria)
    judge(recording, LocalSubject(known), marking)
    assert marking.verdicts()[0].passed


def test_derivatives_by_torch_are_seen_where_only_a_stand_in_leads_to_them():
    slope = compare(
        "slope",
        "The derivative of twice a number, squared",
        cases=lambda rng: iter(
            [
                Case("", {"t": Call("twice", (3.0,)), "r": Call("slope", (Ref("t"),))}),
            ]
        ),
        parts=(Part("slope", "Its derivative", 1, "r"),),
        signature={"slope": ("t",)},
        given=("twice",),
        without="autograd",
    )
    recording = record(
        slope.comparison, Source("slope", "def slope(t):\n    return 4 * t\n", ABOVE), 1
    )
    by_torch = (
        "import torch\ndef slope(t):\n    w = torch.tensor(float(t), requires_grad=True)\n"
        "    (2 * w**2).backward()\n    return float(w.grad)\n"
    )
    known = {"np": np}
    exec(f"def twice(a, loud=True):\n    raise NotImplementedError\n{by_torch}", known)
    marking = Marking(slope.criteria)
    judge(recording, LocalSubject(known), marking)
    assert marking.verdicts()[0].misconception.id == "differentiated_automatically"


def test_recorded_calls_are_handed_over_as_a_function_and_other_calls_are_the_notebooks():
    def cases(rng):
        wrong = StandIn("twice", (((1.0,), {}, 3.0),))
        yield Case("a wrong one", {"result": Call("apply", (1.0,), {"function": wrong})})
        yield Case("another number", {"result": Call("apply", (4.0,), {"function": wrong})})

    question = compare(
        "apply",
        "Apply a function",
        cases=cases,
        parts=(Part("value", "The value", 1),),
        signature={"apply": ("a",)},
    )
    model = "def apply(a, function=twice):\n    return function(a)\n"
    recording = record(question.comparison, Source("apply", model, ABOVE), 1)
    assert [c.wanted[0, 0].numbers.tolist() for c in recording.cases] == [[3.0], [8.0]]
    assert "lambda *_: 3.0" in call_text(recording.cases[0].case)
    assert judged(question, model, model, ABOVE)["value"].passed


def test_a_mistake_without_edits_is_known_by_where_it_shows():
    question = compare(
        "double",
        "Twice",
        cases=joined(
            calls("double", array("B"), sizes={"B": (1, 1)}, group="one"),
            calls("double", array("B"), sizes={"B": (2, 5)}, group="many"),
        ),
        parts=(Part("double", "Twice", 1),),
        signature={"double": ("a",)},
        mistakes=(
            Mistake("never", "Nothing is right.", "Look again."),
            Mistake("many_wrong", "One number is right.", "Look at many.", spares=("one",)),
        ),
    )
    model = "def double(a):\n    return 2 * a\n"
    for_one = "def double(a):\n    return 2 * a + (len(a) - 1) * np.arange(1, len(a) + 1) ** 2\n"
    never = "def double(a):\n    return 2 * a + 7.5 + np.arange(len(a)) ** 2\n"
    assert judged(question, model, for_one)["double"].misconception.id == "many_wrong"
    assert judged(question, model, never)["double"].misconception.id == "never"


def test_a_word_that_is_to_be_printed_is_looked_for():
    question = compare(
        "report",
        "Report",
        cases=calls("report", array("B")),
        parts=(Part("printed", "Both are named", 1, ("result.a@printed", "result.b@printed")),),
        signature={"report": ("a",)},
    )
    model = "def report(a):\n    print('a:', 1)\n    print('b:', 2)\n"
    assert judged(question, model, "def report(a):\n    print('b, a')\n")["printed"].passed
    verdict = judged(question, model, "def report(a):\n    print('a')\n")["printed"]
    assert not verdict.passed
    assert "“b” was not printed" in verdict.message


def test_what_else_is_right_is_accepted_whole_and_not_in_pieces():
    question = compare(
        "order",
        "In either order",
        cases=calls("order", array("B"), sizes={"B": (2, 5)}),
        parts=(Part("order", "Sorted, up or down", 1),),
        signature={"order": ("a",)},
        also_right=(("np.sort(a)", "np.sort(a)[::-1]"),),
    )
    model = "def order(a):\n    return np.sort(a)\n"
    above = "import numpy as np\n"
    down = "def order(a):\n    return -np.sort(-a)\n"
    both = "def order(a):\n    return np.sort(a) if a[0] > 0 else -np.sort(-a)\n"
    assert judged(question, model, down, above)["order"].passed
    assert not judged(question, model, both, above)["order"].passed


def test_a_part_that_looks_at_proportions_passes_what_another_one_fails():
    question = compare(
        "mean",
        "A mean",
        cases=calls("mean", array("B", "D")),
        parts=(
            Part("direction", "Its direction", 1, equal="scaled"),
            Part("size", "Its size", 1, follows=("direction",)),
        ),
        signature={"mean": ("a",)},
    )
    model = "def mean(a):\n    return a.mean(axis=0)\n"
    summed = judged(question, model, "def mean(a):\n    return a.sum(axis=0)\n")
    assert summed["direction"].passed
    assert not summed["size"].passed
    negative = judged(question, model, "def mean(a):\n    return -a.mean(axis=0)\n")
    assert not negative["direction"].passed
    assert negative["size"].passed


SPLIT = "def split(text):\n    return text.split()\n"


@pytest.fixture
def split():
    texts = ("a b", 'a "b" it\'s', "a b c d")
    return compare(
        "split",
        "Words",
        cases=lambda rng: (Case("", {"result": Call("split", (text,))}) for text in texts),
        parts=(Part("words", "The words", 1),),
        signature={"split": ("text",)},
    )


def test_a_list_of_another_length_is_no_other_type(split):
    verdict = judged(split, SPLIT, "def split(text):\n    return text.split()[:1]\n")["words"]
    assert not verdict.passed
    assert verdict.misconception is None or verdict.misconception.id != "wrong_type"
    verdict = judged(split, SPLIT, "def split(text):\n    return set(text.split())\n")["words"]
    assert verdict.misconception.id == "wrong_type"


def test_what_kind_a_number_is_can_be_asked_and_numpys_counts():
    question = compare(
        "count",
        "A count",
        cases=calls("count", array("B")),
        parts=(Part("value", "The number", 1), Part("whole", "An int", 1, "result@kind")),
        signature={"count": ("a",)},
    )
    model = "def count(a):\n    return len(a)\n"
    assert judged(question, model, "def count(a):\n    return np.int64(a.size)\n")["whole"].passed
    verdicts = judged(question, model, "def count(a):\n    return float(a.size)\n")
    assert verdicts["value"].passed
    assert not verdicts["whole"].passed


def test_columns_can_be_looked_at():
    question = compare(
        "table",
        "A table",
        cases=lambda rng: iter([Case("", {"t": Call("table", (np.arange(6.0).reshape(2, 3),))})]),
        parts=(Part("left", "The first column", 1, "t.:,:1"), Part("rest", "Others", 1, "t.:,1:")),
        signature={"table": ("a",)},
    )
    model = "def table(a):\n    return a + 1\n"
    verdicts = judged(
        question, model, "def table(a):\n    b = a + 1\n    b[:, 2] = 0\n    return b"
    )
    assert verdicts["left"].passed
    assert not verdicts["rest"].passed
    verdicts = judged(question, model, "def table(a):\n    return (a + 1).tolist()\n")
    assert verdicts["left"].misconception.id == "wrong_type"


def test_an_exception_is_told_and_not_that_arguments_were_changed():
    question = compare(
        "pure",
        "The arguments are left alone",
        cases=calls("pure", array("B")),
        parts=(Part("pure", "Nothing is changed", 1, "result@changed"),),
        signature={"pure": ("a",)},
    )
    answer = "def pure(a):\n    raise NotImplementedError()\n"
    verdict = judged(question, "def pure(a):\n    return 2 * a\n", answer)["pure"]
    assert verdict.misconception.id == "not_written"


def test_one_mistake_that_explains_a_part_comes_before_two_that_explain_all():
    question = compare(
        "both",
        "A sum and a mean",
        cases=calls("both", array("B"), array("B")),
        parts=(
            Part("first", "The first", 1, "result.0"),
            Part("second", "The second", 1, "result.1"),
        ),
        mistakes=(
            Mistake("halved", "Half.", "It is.", edits=(("a.sum()", "a.sum() / 2"),)),
            Mistake("tripled", "Three.", "It is.", edits=(("b.sum()", "3 * b.sum()"),)),
        ),
        signature={"both": ("a", "b")},
    )
    model = "def both(a, b):\n    one = a.sum()\n    other = b.sum()\n    return one, one + other\n"
    answer = "def both(a, b):\n    return a.sum() / 2, a.sum() / 2 + 3 * b.sum()\n"
    verdicts = judged(question, model, answer)
    assert verdicts["first"].misconception.id == "halved"
    assert verdicts["second"].misconception.id == "halved"  # of a pair the first that is declared


def test_what_no_case_reaches_is_not_mutated():
    text = (
        "def double(a):\n    return 2 * a\nclass Other:\n    def run(self, a):\n        return a\n"
    )
    assert unused(text, {1}) == {3, 4, 5}
    assert not unused(text, {1, 4})


def test_a_judge_written_by_hand_stands_beside_a_comparison():
    def by_hand(subject, seed, marking):
        marking.failed("shape", "Seen by hand.")

    question = compare(
        "mixed",
        "Both ways",
        cases=calls("double", array("B")),
        parts=(Part("value", "Twice", 2),),
        beside=(by_hand, (Criterion("shape", "The shape", 1),)),
        signature={"double": ("a",)},
    )
    assert [criterion.id for criterion in question.criteria] == ["shape", "value"]
    recording = record(
        question.comparison, Source("mixed", "def double(a):\n    return 2 * a\n"), 1
    )
    whole = replace(question, judge=judged_by(recording, question.judge), comparison=None)
    report = whole.report(LocalSubject({"double": lambda a: a + a}), 1)
    assert [verdict.passed for verdict in report.verdicts] == [False, True]
