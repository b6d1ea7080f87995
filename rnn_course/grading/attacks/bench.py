"""``rnn-course audit --attacks``: every attack, what it achieved here and under plain nbgrader."""

from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from rnn_course.grading.attacks.cell_attacks import (
    grader,
    try_cells_plainly,
    try_on_judge,
    try_on_sandbox,
)
from rnn_course.grading.attacks.corpus import Attack, AttackOutcome, read_attacks
from rnn_course.grading.attacks.file_attacks import (
    folder_grader,
    try_files,
    try_files_plainly,
)


@dataclass(frozen=True)
class AttackTable:
    """What came of all attacks."""

    outcomes: tuple[AttackOutcome, ...]

    @property
    def ok(self) -> bool:
        """Whether no attack achieved anything here."""
        return not any(outcome.harm for outcome in self.outcomes)

    def show(self) -> None:
        """Print the table."""
        table = Table("attack", "tries to", "here", "stopped by", "s", "plain nbgrader")
        for o in self.outcomes:
            plain = "not tried" if o.plain is None else ", ".join(o.plain) or "nothing"
            here = ", ".join(o.harm) or "nothing"
            table.add_row(
                o.attack.name, o.attack.tries, here, o.stopped_by, f"{o.seconds:.1f}", plain
            )
        tried = [o for o in self.outcomes if o.plain is not None]
        console = Console()
        console.print(table)
        console.print(
            f"{sum(bool(o.harm) for o in self.outcomes)} of {len(self.outcomes)} attacks succeeded "
            f"here, {sum(bool(o.plain) for o in tried)} of {len(tried)} under plain nbgrader."
        )


def run_attacks(corpus: Path) -> AttackTable:
    """Try every attack, with a progress bar.

    Args:
        corpus: folder that holds ``attacks/``, two below the course's own.
    """
    attacks, root = read_attacks(corpus / "attacks"), corpus.resolve().parents[1]
    grade, grade_folder = grader(root), folder_grader(root)
    blank = grade("")[1].score

    def run(attack: Attack) -> AttackOutcome:
        if attack.way == "folder":
            done = try_files(attack, grade_folder, root)
            plain = try_files_plainly(attack, root) if attack.plain else None
            return replace(done, plain=plain)
        here = (
            try_on_sandbox(attack) if attack.way == "wall" else try_on_judge(attack, grade, blank)
        )
        return replace(here, plain=try_cells_plainly(attack) if attack.plain else None)

    return AttackTable(tuple(map(run, track(attacks, description="attacks"))))
