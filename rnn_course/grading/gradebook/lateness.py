"""What lateness costs: nbgrader's plugin is asked, and asked again when a deadline has changed."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.apps import NbGraderAPI
from nbgrader.preprocessors import AssignLatePenalties

from rnn_course.errors import GradingError


@dataclass(frozen=True)
class Penalty:
    """What lateness costs a student.

    Attributes:
        before: points that were taken off so far.
        after: points to take off.
        problem: why the plugin could not be asked, "" as a rule; then the two are the same.
    """

    student: str
    before: float
    after: float
    problem: str = ""


class Lateness:
    """Asks the plugin that ``c.AssignLatePenalties.plugin_class`` names.

    Args:
        api: of the course.

    Raises:
        GradingError: there is no such plugin, or it cannot be made.
    """

    def __init__(self, api: NbGraderAPI) -> None:
        try:
            assigner = AssignLatePenalties(parent=api)
            assigner.init_plugin()
        except Exception as error:  # whatever a module of the instructor's raises when imported
            named = api.config.AssignLatePenalties.get("plugin_class", "nbgrader's own")
            raise GradingError(
                f"the late penalty plugin {named} of nbgrader_config.py",
                f"{type(error).__name__}: {error}",
                "Put its module beside nbgrader_config.py, and mend what it says.",
            ) from error
        self._plugin = assigner.plugin_inst
        self._plugin.log.setLevel("ERROR")

    def penalties(
        self,
        gradebook: Gradebook,
        coursework: str,
        students: Iterable[str],
        gained: Mapping[str, float],
    ) -> list[Penalty]:
        """Return what lateness costs these students by the deadlines that hold now.

        Args:
            gradebook: open.
            coursework: its name.
            students: whose marks it has; others are left out.
            gained: points that are not in the gradebook yet.
        """
        rows = (
            gradebook.db.query(SubmittedNotebook, SubmittedAssignment)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(Assignment.name == coursework)
            .filter(SubmittedAssignment.student_id.in_(list(students)))
        )
        return [
            self._penalty(
                submission.student_id,
                notebook,
                submission.total_seconds_late,
                gained.get(submission.student_id, 0.0),
            )
            for notebook, submission in rows
        ]

    def _penalty(
        self, student: str, notebook: SubmittedNotebook, late: float, more: float
    ) -> Penalty:
        before, score = notebook.late_submission_penalty or 0.0, notebook.score + more
        if late <= 0:
            return Penalty(student, before, 0.0)
        try:
            costs = self._plugin.late_submission_penalty(student, score, late) or 0.0
            if not math.isfinite(costs):
                raise ValueError(f"a penalty of {costs}")
        except Exception as error:  # one submission never stops the class
            return Penalty(student, before, before, f"{type(error).__name__}: {error}")
        return Penalty(student, before, min(max(costs, 0.0), score))  # nbgrader's own bounds


def write_penalties(gradebook: Gradebook, coursework: str, penalties: Iterable[Penalty]) -> None:
    """Write penalties that have changed into the gradebook."""
    for penalty in penalties:
        if penalty.after != penalty.before:
            for notebook in gradebook.find_submission(coursework, penalty.student).notebooks:
                notebook.late_submission_penalty = penalty.after or None
    gradebook.db.commit()
