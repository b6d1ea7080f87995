"""Small changes of a model answer: which there are, and which there are not."""

from rnn_course.checks.mutants import mutants

SOURCE = '''
def mean(x):
    """Return the mean."""
    return x.sum() / len(x)
'''


def test_mutants_are_programs_of_their_own_in_a_fixed_order():
    found = [mutant.source for mutant in mutants(SOURCE)]
    assert found == [mutant.source for mutant in mutants(SOURCE)]
    assert len(found) == len(set(found)) > 5
    assert 'def mean(x):\n    """Return the mean."""\n    return x.sum() * len(x)' in found


def test_a_docstring_is_no_step_and_a_length_is_asked_of_the_thing_itself():
    found = [mutant.source for mutant in mutants(SOURCE)]
    assert all(source.count("Return the mean.") == 1 for source in found)
    assert not any("len(-x)" in source or "len(abs(x))" in source for source in found)
