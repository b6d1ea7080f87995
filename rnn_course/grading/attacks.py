"""``rnn-course audit --attacks``: every attack, what it achieved here and under plain nbgrader."""

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from rnn_course.grading.trials import Outcome, read_attacks, run_all


@dataclass(frozen=True)
class AttackTable:
    """What came of all attacks."""

    outcomes: tuple[Outcome, ...]

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
    """Try every attack, with a progress bar; see `trials.run_all`."""
    total = len(read_attacks(corpus / "attacks"))
    return AttackTable(tuple(track(run_all(corpus), description="attacks", total=total)))
