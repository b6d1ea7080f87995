"""``rnn-course audit --attacks``: every attack, what it achieved here and under plain nbgrader."""

import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from rnn_course.grading.attacks.cell_attacks import (
    Grade,
    grader,
    try_cells_plainly,
    try_on_judge,
    try_on_sandbox,
)
from rnn_course.grading.attacks.corpus import Attack, AttackOutcome, parted, read_attacks
from rnn_course.grading.attacks.file_attacks import (
    folder_grader,
    try_files,
    try_files_plainly,
)

_WIDE = 180


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
        # in a file or a log, names of attacks are to be whole
        console = Console() if sys.stdout.isatty() else Console(width=_WIDE)
        console.print(table)
        console.print(
            f"{sum(bool(o.harm) for o in self.outcomes)} of {len(self.outcomes)} attacks succeeded "
            f"here, {sum(bool(o.plain) for o in tried)} of {len(tried)} under plain nbgrader."
        )


def run_attacks(corpus: Path, part: str = "", *, plainly: bool = True) -> AttackTable:
    """Try attacks, with a progress bar.

    Args:
        corpus: folder that holds ``attacks/``, two below the course's own.
        part: which; see `corpus.parted`.
        plainly: try them under plain nbgrader as well.

    Raises:
        GradingError: there are no attacks, or there is no such part.
    """
    attacks = parted(read_attacks(corpus / "attacks"), part)
    root = corpus.resolve().parents[1]
    folders = cache(folder_grader)
    graders: dict[tuple[str, str], tuple[Grade, float]] = {}

    def on_judge(attack: Attack) -> AttackOutcome:
        if attack.of not in graders:
            grade = grader(root, attack.of)
            graders[attack.of] = grade, grade("")[1].score
        return try_on_judge(attack, *graders[attack.of])

    def run(attack: Attack) -> AttackOutcome:
        beside = plainly and attack.plain
        if attack.way == "folder":
            done = try_files(attack, folders(root), root)
            return replace(done, plain=try_files_plainly(attack, root) if beside else None)
        here = try_on_sandbox(attack) if attack.way == "wall" else on_judge(attack)
        return replace(here, plain=try_cells_plainly(attack) if beside else None)

    return AttackTable(tuple(map(run, track(attacks, description="attacks"))))
