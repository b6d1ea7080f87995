"""What a wrong answer does: kept small, compared, grouped, named, and packed."""

import json
from dataclasses import replace

import numpy as np
import pytest
from softmax_loss import MODEL, QUESTION, SOURCE, answered

from rnn_course.checks import Part, array, calls, compare, text
from rnn_course.checks.behaviour import (
    MOST,
    NUMBERS,
    Behaviour,
    Named,
    Observed,
    alike,
    behaviour_data,
    behaviour_from,
    grouped,
    observed,
    of_findings,
)
from rnn_course.checks.coursework import Coursework, Question
from rnn_course.checks.judging import asked_keys, behaved_by, judged_by
from rnn_course.checks.local import LocalSubject
from rnn_course.checks.named import add_named, id_of, read_named
from rnn_course.checks.observation import Seen
from rnn_course.checks.packed import alike as same_file
from rnn_course.checks.packed import pack, unpack
from rnn_course.checks.recording import Source, record, record_right
from rnn_course.checks.report import Criterion, Report
from rnn_course.checks.subject import SubjectLostError
from rnn_course.errors import CheckError
from rnn_course.seeding import PUBLIC_SEED

SECRET = 7
BARE = replace(QUESTION.comparison, mistakes=())
PUBLIC = record_right(BARE, SOURCE, PUBLIC_SEED)
STRANGE = ("-log_p[rows, y].mean(), X.T", "-log_p[rows, y].mean() * (1 + len(y)), X.T")
OTHER = ("-log_p[rows, y].mean(), X.T", "-log_p[rows, y].mean() * (2 + len(y)), X.T")


def at_seed(seed: int, *named: Named, recording=None) -> Question:
    """The question without any mistake that is known, as it is judged with a seed."""
    own = record(BARE, SOURCE, seed, named=False)
    public = recording or PUBLIC
    return replace(QUESTION, judge=judged_by(own), behaves=behaved_by(lambda: public), named=named)


GRADED = at_seed(SECRET)


def report(question: Question, *edit: str, seed: int = SECRET) -> Report:
    return question.report(LocalSubject(answered(*edit)), seed)


def named(behaviour: Behaviour) -> Named:
    return Named("softmax_loss", "one_more", "One too many is counted.", "So it grows.", behaviour)


def test_a_wrong_answer_without_a_name_is_known_by_what_it_does():
    found = report(GRADED, *STRANGE)
    assert not found.misconceptions
    assert found.behaviour.telling
    assert {o.said.partition(": ")[2] for o in found.behaviour.observed} == {
        "loss",
        "the result",
    }
    again = report(at_seed(SECRET + 1), *STRANGE)
    assert alike(found.behaviour.observed, again.behaviour.observed)  # whatever the secret seed
    assert not alike(found.behaviour.observed, report(GRADED, *OTHER).behaviour.observed)


def test_right_answers_and_those_with_a_name_are_not_tried():
    assert report(GRADED) == replace(report(GRADED), behaviour=Behaviour())
    crashes = report(GRADED, "scores = X @ W", "scores = X @ W + None")
    assert crashes.misconceptions
    assert not crashes.behaviour.observed


def test_in_a_notebook_nothing_is_tried_as_long_as_nothing_is_named():
    assert not report(at_seed(PUBLIC_SEED), *STRANGE, seed=PUBLIC_SEED).behaviour.observed


def test_a_name_is_told_to_all_that_do_so_at_any_seed_and_costs_and_gives_nothing():
    name = named(report(GRADED, *STRANGE).behaviour)
    for seed in (SECRET, SECRET + 1, PUBLIC_SEED):
        question = at_seed(seed, name)
        found, before = report(question, *STRANGE, seed=seed), report(at_seed(seed), *STRANGE)
        (told,) = found.misconceptions
        assert (told.id, told.seen, told.why) == ("one_more", name.seen, name.why)
        assert (found.score, found.status) == (before.score, before.status)
        assert not report(question, *OTHER, seed=seed).misconceptions
        assert report(question, seed=seed).status == "passed"
        elsewhere = report(question, " / len(y)", " / (1 + len(y))", seed=seed)
        assert "one_more" not in {m.id for m in elsewhere.misconceptions}


def test_a_name_outlives_cases_that_come_and_go_but_not_its_own():
    name = named(report(GRADED, *STRANGE).behaviour)
    fewer = replace(PUBLIC, cases=PUBLIC.cases[:-1])
    assert report(at_seed(SECRET, name, recording=fewer), *STRANGE).misconceptions
    more = record_right(BARE, SOURCE, 5)
    cases = (*more.cases[:1], *PUBLIC.cases)
    longer = replace(PUBLIC, cases=cases)
    assert report(at_seed(SECRET, name, recording=longer), *STRANGE).misconceptions
    assert not name.outdated(asked_keys(longer))
    assert not report(at_seed(SECRET, name, recording=more), *STRANGE).misconceptions
    assert name.outdated(asked_keys(more))


def test_an_answer_that_is_lost_on_the_way_keeps_its_marks():
    def lost(subject, marking):
        raise SubjectLostError("crashed", "The process died.")

    found = report(replace(GRADED, behaves=lost), *STRANGE)
    assert found == replace(report(GRADED, *STRANGE), behaviour=Behaviour())


def test_what_is_kept_is_small_and_holds_no_text_of_a_student():
    came = observed("case", "said" * 99, Seen("(1000,)", np.arange(1000.0)), 1e-9)
    assert len(came.numbers) == NUMBERS
    assert (came.numbers[0], came.numbers[-1]) == (0, 999)
    assert len(came.said) <= 80
    for structure in ("'ada lovelace'", "{ada:(2,)}", "<AdaLovelace>", "raises AdaError", "(" * 99):
        assert observed("case", "", Seen(structure), 0).structure.startswith("text ")
    assert observed("case", "", Seen("b(2,3)|..n+-."), 0).structure == "b(2,3)|..n+-."
    known = record_right(GREETING.comparison, HELLO, PUBLIC_SEED)
    question = replace(GREETING, judge=judged_by(known), behaves=behaved_by(lambda: known))
    space: dict = {}
    exec("def greet(name):\n    return name + ' ' + name + ' by Ada L.'", space)
    found = question.report(LocalSubject(space), SECRET).behaviour
    assert found.telling
    assert "Ada" not in json.dumps(behaviour_data(found))


HELLO = Source("greet", "def greet(name):\n    return 'hello ' + name")
GREETING = compare(
    "greet", "A greeting", cases=calls("greet", text("abc ", 6)), parts=(Part("text", "It", 2),)
)


def test_near_numbers_are_alike_and_a_middle_does_not_wander():
    def one(number: float) -> Behaviour:
        return Behaviour((Observed("a", "a", "()", (number,), 0.1),), ("a",), True)

    assert grouped([one(1.0), one(1.08), one(1.16), one(1.0)]) == [[0, 1, 3], [2]]
    assert not alike(one(1.0).observed, ())
    assert not alike(one(0).observed, (replace(one(0).observed[0], structure="(1,)"),))


def test_no_more_is_kept_than_there_is_room_for():
    behaviour = report(GRADED, *STRANGE).behaviour
    assert len(behaviour.observed) <= MOST
    assert len(json.dumps(behaviour_data(behaviour))) < 20_000
    assert behaviour_from(json.loads(json.dumps(behaviour_data(behaviour)))) == behaviour


def test_a_yes_or_a_no_names_nothing():
    known = record_right(SORTED.comparison, IS_SORTED, PUBLIC_SEED)
    question = replace(SORTED, judge=judged_by(known), behaves=behaved_by(lambda: known))
    subject = LocalSubject({"is_sorted": lambda x: bool(x[0] > x[-1])})
    behaviour = question.report(subject, SECRET).behaviour
    assert behaviour.observed
    assert not behaviour.telling
    assert not named(behaviour).fits(behaviour)


IS_SORTED = Source("is_sorted", "def is_sorted(x):\n    return bool((x[1:] >= x[:-1]).all())")
SORTED = compare(
    "is_sorted", "Sorted?", cases=calls("is_sorted", array("N")), parts=(Part("yes", "Yes?", 2),)
)


# Judges by hand


def by_hand(subject, seed, marking):
    from rnn_course.checks.requests import Call, Program
    from rnn_course.seeding import numpy_generator

    x = numpy_generator(seed, "double").normal(size=3)
    (outcome,) = subject.ask(Program((Call("double", (x,)),)))
    gap = [f"{a:.6f} for {b:.6f}" for a, b in zip(outcome.value, 2 * x, strict=True)]
    right = np.allclose(outcome.value, 2 * x)
    marking.scored("value", float(right), f"It gives {', '.join(gap)}.")


DOUBLE = Question("double", "Double", (Criterion("value", "Twice", 2),), by_hand, ("double",))


def doubled(factor: str) -> LocalSubject:
    return LocalSubject({"double": eval(f"lambda x: {factor} * x")})


def test_a_judge_by_hand_tells_by_what_it_says_with_the_public_seed():
    found = DOUBLE.report(doubled("3"), SECRET).behaviour
    assert found.telling
    assert "It gives" not in json.dumps(behaviour_data(found))
    assert alike(found.observed, DOUBLE.report(doubled("3"), SECRET + 1).behaviour.observed)
    name = replace(named(found), question="double")
    question = replace(DOUBLE, named=(name,))
    for seed in (SECRET, PUBLIC_SEED):
        assert question.report(doubled("3"), seed).misconceptions[0].seen == name.seen
        assert not question.report(doubled("4"), seed).misconceptions
        assert question.report(doubled("2"), seed).status == "passed"


def test_words_without_numbers_name_nothing():
    silent = replace(DOUBLE, judge=lambda s, seed, marking: marking.failed("value", "No."))
    assert not silent.report(doubled("3"), SECRET).behaviour.telling
    assert not of_findings(()).telling


def test_what_takes_long_to_prepare_is_not_judged_twice():
    slow = replace(DOUBLE, prepare=lambda seed: None)
    assert not slow.report(doubled("3"), SECRET).behaviour.observed


# The file


def test_the_file_is_read_back_and_added_to(tmp_path):
    path = tmp_path / "week_1" / "named.toml"
    assert read_named(path) == ()
    one = replace(named(report(GRADED, *STRANGE).behaviour), seen='It says "no" — \\ und „ja“ é.')
    add_named(path, one)
    mine = path.read_text() + "\n# a remark of mine\n"
    path.write_text(mine)
    other = replace(one, id="other")
    add_named(path, other)
    assert read_named(path) == (one, other)
    assert path.read_text().startswith(mine.rstrip())  # what an instructor wrote stays


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[named", "TOML in"),
        ("[[named]]\nquestion = 'q'", "KeyError: 'id'"),
        ("[[named]]\nquestion='q'\nid='a'\nseen=''\nwhy=''\nasked=''\nobserved=[]", "are texts"),
        ("[[named]]\nquestion='q'\nid='a'\nseen='s'\nwhy=''\nasked=''\nobserved=[[1]]", "Value"),
        ("[named]\nquestion='q'", "TypeError"),
    ],
)
def test_a_file_that_was_spoiled_is_told_and_named(tmp_path, text, said):
    path = tmp_path / "named.toml"
    path.write_text(text)
    with pytest.raises(CheckError, match=said) as raised:
        read_named(path)
    assert str(path) in str(raised.value)


def test_two_names_of_one_id_are_told(tmp_path):
    path = tmp_path / "named.toml"
    for _ in range(2):
        add_named(path, named(report(GRADED, *STRANGE).behaviour))
    with pytest.raises(CheckError, match="one_more twice"):
        read_named(path)


def test_ids_are_made_of_the_first_words():
    sentence = "The gradient is that of the mean, not of the sum."
    assert id_of(sentence, ()) == "the_gradient_is_that_of_the_mean"
    assert id_of("No!", {"no"}) == "no_2"
    assert id_of("…", ()) == "named"


# On its way to students and graders


@pytest.mark.parametrize("seed", [PUBLIC_SEED, SECRET])
def test_names_travel_with_the_checks(seed):
    name = named(report(GRADED, *STRANGE).behaviour)
    question = replace(
        QUESTION,
        comparison=BARE,
        judge=lambda *_: None,
        recorded=lambda seed: record(BARE, SOURCE, seed, named=False),
        public=lambda: PUBLIC,
        named=(name,),
    )
    course = Coursework("c", "C", "c.ipynb", (question,))
    (there,) = unpack(pack(course, seed))
    assert there.named == (name,)
    assert report(there, *STRANGE, seed=seed).misconceptions[0].id == "one_more"
    assert not report(there, *OTHER, seed=seed).misconceptions
    assert MODEL.strip() not in str(pack(course, seed))


def test_a_file_from_before_has_no_names_and_works():
    question = replace(
        QUESTION,
        judge=lambda *_: None,
        recorded=lambda seed: record(BARE, SOURCE, seed, named=False),
    )
    (there,) = unpack(pack(Coursework("c", "C", "c.ipynb", (question,)), PUBLIC_SEED))
    assert there.named == ()
    assert report(there, *STRANGE, seed=PUBLIC_SEED).score == 5


def test_a_file_with_another_tolerance_is_another_file():
    def packed(within: float) -> bytes:
        first, *rest = BARE.parts
        asked = replace(BARE, parts=(replace(first, within=within), *rest))
        recorded = record(asked, SOURCE, PUBLIC_SEED, named=False)
        question = replace(QUESTION, judge=lambda *_: None, recorded=lambda seed: recorded)
        return pack(Coursework("c", "C", "c.ipynb", (question,)), PUBLIC_SEED)

    assert same_file(packed(1e-9), packed(1e-9))
    assert not same_file(packed(1e-9), packed(1e-11))
