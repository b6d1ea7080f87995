"""How far a GPU is from the references made on a CPU: the table of tolerances, measured.

``python -m benchmarks.gpu`` on a machine with CUDA prints the lines to put into `TOLERANCES` of
`rnn_course.courseworks.references`; ``--device cpu`` measures the CPU's own lines again.
"""

import math
import platform
import sys
from typing import Annotated

import torch
import typer

from rnn_course.courseworks.reference_answers import spread
from rnn_course.courseworks.references import TOLERANCES, Tolerance
from rnn_course.errors import CheckError, CourseError

Key = tuple[str, str]  # kind of device, dtype
ROOM = 3  # how often the largest difference seen has to fit into a tolerance


def usable(device: str) -> torch.device:
    """Return a device that has a line in the table and is here.

    Raises:
        CheckError: it has none, or is not here.
    """
    kinds = {kind for kind, _ in TOLERANCES}
    if device.partition(":")[0] not in kinds:
        raise CheckError(
            f"a device among {', '.join(sorted(kinds))}",
            repr(device),
            "Name one of these; another kind first needs lines in TOLERANCES.",
        )
    try:
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:  # torch without CUDA asserts
        raise CheckError(
            f"a device {device} that torch can use",
            f"torch {torch.__version__}, which says: {str(error).splitlines()[0]}",
            "Run it on a machine with an NVIDIA card and its driver, or try it with --device cpu.",
        ) from error
    return torch.device(device)


def limit_for(seen: float) -> float:
    """Return the smallest power of ten into which what was seen fits `ROOM` times."""
    return 10.0 ** math.ceil(math.log10(ROOM * max(seen, sys.float_info.epsilon)))


def measured(device: str = "cuda", seeds: int = 50) -> dict[Key, tuple[Tolerance, str]]:
    """Measure a device against the model answers in float64.

    Args:
        device: torch's name of it.
        seeds: how many draws for each reference.

    Returns:
        For each line of the table what belongs there, and where the largest difference was seen.

    Raises:
        CheckError: no such device.
    """
    seen = f"{hardware(usable(device))}, torch {torch.__version__}, {seeds} seeds a reference"
    return {
        key: (Tolerance(limit_for(gap), gap, seen), where)
        for key, (gap, where) in spread(device, seeds).items()
    }


def line(key: Key, found: Tolerance) -> str:
    """Write a line of the table."""
    kind, dtype = key
    return (
        f'("{kind}", "{dtype}"): Tolerance({found.limit:.0e}, {found.spread:.1e}, "{found.seen}"),'
    )


def fits(key: Key, found: Tolerance) -> bool:
    """Tell whether what was measured has room in the tolerance that the table has now."""
    assert found.spread is not None  # it has just been measured
    return ROOM * found.spread < TOLERANCES[key].limit


def hardware(device: torch.device) -> str:
    """Name what computes."""
    if device.type == "cuda":
        return f"{torch.cuda.get_device_name(device)}, CUDA {torch.version.cuda}"
    return platform.machine()


def main(
    device: Annotated[str, typer.Option(help="torch's name of it.")] = "cuda",
    seeds: Annotated[int, typer.Option(min=1, help="How many draws for each reference.")] = 50,
) -> None:
    """Measure a device's spread and print the lines for TOLERANCES."""
    try:
        found = measured(device, seeds)
    except CourseError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo("To put into TOLERANCES of rnn_course/courseworks/references.py:\n")
    for key, (tolerance, _) in found.items():
        typer.echo(f"    {line(key, tolerance)}")
    typer.echo("")
    for key, (tolerance, where) in found.items():
        said = "fits" if fits(key, tolerance) else "DOES NOT FIT"
        typer.echo(f"{' '.join(key)}: {tolerance.spread:.1e} in {where}; it {said} the tolerance")
    raise typer.Exit(0 if all(fits(key, tolerance) for key, (tolerance, _) in found.items()) else 1)


if __name__ == "__main__":
    typer.run(main)
