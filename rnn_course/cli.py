"""``rnn-course``: parse, make one call, say what came of it, exit."""

import functools
import json
import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from rnn_course.errors import CourseError, GradingError

_INSTRUCTORS = frozenset(
    {
        "nbgrader",
        "dask",
        "distributed",
        "nbclient",
        "jupyter_client",
        "nbconvert",
        "bleach",
        "jinja2",
        "packaging",
        "filelock",
        "latex2mathml",
        "psutil",
        "dulwich",
        "dateutil",
        "yaml",
    }
)

_LEFT_OUT = frozenset({"rnn_course.authoring", "rnn_course.grading"})  # of the students' wheel

app = typer.Typer(
    help="Coursework on recurrent neural networks: build it, hand it out, grade it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
data_app = typer.Typer(help="Data sets: see what is there, or download it.", no_args_is_help=True)
app.add_typer(data_app, name="data")

Root = Annotated[Path, typer.Option(help="The course's folder, where nbgrader_config.py is.")]
Trust = Annotated[
    bool, typer.Option("--trust-submissions", help="Run students' code WITHOUT the wall.")
]


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where to work; made anew each time.")] = Path(
        "demo"
    ),
    coursework: Annotated[str, typer.Option(help="Which, where there are several.")] = "",
    root: Root = Path(),
) -> None:
    """Release a coursework, invent a class, grade it, and show what everyone got."""
    from rnn_course.authoring.corpus import text_of
    from rnn_course.grading.classroom.demo import run_demo

    run_demo(root, folder, functools.partial(text_of, root / "tests" / "submissions"), coursework)


@app.command()
def collect(
    coursework: Annotated[str, typer.Argument(help="Its name, e.g. cw2_speech_commands.")],
    paths: Annotated[
        list[Path], typer.Argument(help="Archives and folders, as Canvas, Moodle … give them out.")
    ],
    roster: Annotated[
        Path | None, typer.Option(help="Table of students; students.csv where it is there.")
    ] = None,
    deadline: Annotated[
        str, typer.Option(help='Take the last attempt before, such as "2026-11-20 23:59".')
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; tell what would be done.")
    ] = False,
    root: Root = Path(),
) -> None:
    """Put what a class handed in where it is graded, and keep every attempt.

    Exit code 1 where something belongs to nobody on the roster, which is kept in collected/, or
    somebody's could not be collected.
    """
    from rnn_course.grading.classroom.collect import Settings
    from rnn_course.grading.classroom.collect_command import collect_and_tell

    settings = Settings(roster, deadline, dry_run)
    collected = collect_and_tell(root, coursework, paths, settings)
    raise typer.Exit(1 if collected.unknown or collected.failed else 0)


@app.command()
def autograde(
    coursework: Annotated[str, typer.Argument(help="Its name, e.g. cw2_speech_commands.")],
    workers: Annotated[int, typer.Option(min=1, help="Processes on this machine.")] = 1,
    scheduler: Annotated[str, typer.Option(help="Address of an existing Dask scheduler.")] = "",
    student: Annotated[list[str] | None, typer.Option(help="Only this one; repeatable.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Also what has not changed.")] = False,
    gpu: Annotated[bool, typer.Option("--gpu", help="On workers with the resource GPU=1.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell whose marks would change, and why.")
    ] = False,
    trust: Trust = False,
    root: Root = Path(),
) -> None:
    """Grade a class into the gradebook; exit code 1 where somebody could not be graded."""
    from rnn_course.grading.classroom.autograde import Settings
    from rnn_course.grading.classroom.commands import autograde_with_progress

    settings = Settings(workers, scheduler, student or (), force, trust, gpu, dry_run=dry_run)
    tally = autograde_with_progress(root, coursework, settings)
    raise typer.Exit(1 if tally.ungraded or tally.remarks else 0)


@app.command()
def feedback(
    coursework: Annotated[str, typer.Argument(help="Its name, e.g. cw2_speech_commands.")],
    to: Annotated[
        str, typer.Option(help="pages, folders (for mail), moodle, canvas, or nbgrader.")
    ] = "pages",
    names: Annotated[
        Path | None,
        typer.Option(help="The zip of all submissions, or Moodle's worksheet, as downloaded."),
    ] = None,
    student: Annotated[list[str] | None, typer.Option(help="Only this one; repeatable.")] = None,
    root: Root = Path(),
) -> None:
    """Make everyone's feedback page, and pack them for where they go.

    Exit code 1 where somebody gets none.
    """
    from rnn_course.grading.classroom.commands import feedback_told

    done = feedback_told(root, coursework, to, names, student or ())
    raise typer.Exit(1 if done.problems else 0)


@app.command()
def grade(
    notebook: Annotated[Path, typer.Argument(help="The submitted notebook.")],
    coursework: Annotated[str, typer.Option(help="Its name, if it cannot be told.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    trust: Trust = False,
    root: Root = Path(),
) -> None:
    """Grade one notebook, with the weights and modules beside it, without a gradebook.

    Exit code 0 when it was graded, whatever the marks; 1 when it is no notebook.
    """
    from rnn_course.grading.classroom.commands import grade_file

    result = grade_file(notebook, coursework, root, trust=trust)
    print(json.dumps(result.as_dict(), indent=1) if as_json else result.text())
    raise typer.Exit(0 if result.status == "graded" else 1)


@app.command()
def report(
    coursework: Annotated[str, typer.Argument(help="Its name, e.g. cw2_speech_commands.")],
    formgrader: Annotated[
        str, typer.Option(help="Where formgrader answers, for links to its pages.")
    ] = "http://localhost:8888/formgrader",
    root: Root = Path(),
) -> None:
    """Write what a graded class has come to: a page to read offline, and a table."""
    from rnn_course.grading.reporting.class_report import write_report

    for path in write_report(root, coursework, formgrader):
        print(path)


@app.command()
def name(
    coursework: Annotated[str, typer.Argument(help="Its name, e.g. cw2_speech_commands.")],
    question: Annotated[str, typer.Argument(help="The question's id.")],
    student: Annotated[str, typer.Argument(help="Anybody of a group that the report shows.")],
    sentence: Annotated[str, typer.Argument(help="What is wrong, for students to read.")],
    why: Annotated[str, typer.Option(help="Why it happens or matters: another sentence.")] = "",
    root: Root = Path(),
) -> None:
    """Name a mistake that the report shows without a name: all who make it are told."""
    from rnn_course.checks.display import printable
    from rnn_course.grading.reporting.naming import name_behaviour

    told = name_behaviour(root, coursework, question, student, sentence, why)
    print(printable(f"{told.named.id}: {', '.join(told.students)}"))
    print(f"Written to {told.file}; the sentences there are yours to change.")
    print(f"Next: rnn-course build {coursework}, rnn-course autograde {coursework}")


@app.command()
def export(
    coursework: Annotated[str, typer.Argument(help="Its name, e.g. cw2_speech_commands.")],
    to: Annotated[
        Literal["canvas", "moodle", "gradescope", "prairielearn", "csv"],
        typer.Option(help="The system that is to take the marks."),
    ],
    template: Annotated[
        Path | None, typer.Option(help="The sheet that Canvas or Moodle gave out; only read.")
    ] = None,
    column: Annotated[
        str, typer.Option(help="In Canvas' sheet; the coursework's title by default.")
    ] = "",
    scale: Annotated[
        bool, typer.Option("--scale", help="Scale marks to the sheet's maximum.")
    ] = False,
    trust: Annotated[
        bool,
        typer.Option(
            "--trust-submissions",
            help="Let Gradescope's autograder grade WITHOUT the wall where it cannot be built.",
        ),
    ] = False,
    root: Root = Path(),
) -> None:
    """Write the marks of a class as another system takes them, to exports/."""
    from rnn_course.checks.display import printable
    from rnn_course.grading.exporting.export import export

    done = export(root, coursework, to, template, column, scale=scale, trust=trust)
    for note in done.notes:
        print(printable(note))
    shown = {path.parent.parent if path.name == "results.json" else path for path in done.paths}
    for path in sorted(shown):
        print(path)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Of the coursework, such as week_1.")],
    root: Root = Path(),
) -> None:
    """Make a coursework to begin with: it builds, is graded and audited as it stands."""
    from rnn_course.authoring.new import new

    for path in new(name, root):
        print(path)
    print(f"Next: rnn-course build {name}")


@app.command()
def build(
    coursework: Annotated[list[str] | None, typer.Argument(help="Which; all by default.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail where something is outdated.")
    ] = False,
    execute: Annotated[bool, typer.Option(help="Run the model answers first.")] = True,
    root: Root = Path(),
) -> None:
    """Derive assignments/ from solutions/: execute, normalise, audit, release."""
    from rnn_course import authoring

    authoring.build(root, coursework, check=check, run=execute)


@app.command()
def handout(
    to: Annotated[Path, typer.Option(help="A folder, or a file that ends with .zip.")],
    coursework: Annotated[list[str] | None, typer.Argument(help="Which; all by default.")] = None,
    source: Annotated[
        str, typer.Option(help="URL of the wheel, for hosts that get a notebook alone.")
    ] = "",
    root: Root = Path(),
) -> None:
    """Make what students get: notebooks, checks, the package, how to begin; no solution."""
    from rnn_course.authoring.handout import handout as hand_out

    for path in hand_out(root, to, coursework or (), source=source):
        print(to / path if to.suffix != ".zip" else f"{to}: {path}")


@app.command()
def check_setup(
    folder: Annotated[Path, typer.Argument(help="Where the hand-out was unpacked.")] = Path(),
) -> None:
    """Tell whether all that a notebook needs works here."""
    from rnn_course.setup_check import check_setup as findings

    good = True
    for finding in findings(folder):
        print(finding.text(), flush=True)
        good = good and finding.ok
    raise typer.Exit(0 if good else 1)


@app.command()
def audit(
    coursework: Annotated[str | None, typer.Argument(help="Which; all by default.")] = None,
    attacks: Annotated[
        bool, typer.Option("--attacks", help="Attack the wall instead of judging answers.")
    ] = False,
    part: Annotated[
        str, typer.Option(help="Of the attacks: 2/4, or how the names of some begin.")
    ] = "",
    plainly: Annotated[bool, typer.Option(help="Try the attacks under plain nbgrader too.")] = True,
    corpus: Annotated[
        Path | None,
        typer.Option(help="Known answers and attacks; tests/submissions where it is there."),
    ] = None,
    idle: Annotated[
        bool, typer.Option("--all", help="Also list changes that often change nothing.")
    ] = False,
    seeds: Annotated[
        int, typer.Option(min=1, help="Judge known answers at so many; marks must not differ.")
    ] = 1,
    root: Root = Path(),
) -> None:
    """Judge the judges: by what questions declare, by known answers, or by known attacks."""
    known = corpus or root / "tests" / "submissions"
    if attacks:
        from rnn_course.grading.attacks.bench import run_attacks

        table = run_attacks(known, part, plainly=plainly)
        table.show()
        raise typer.Exit(0 if table.ok else 1)
    from rnn_course.authoring.audit_all import audit_all

    answers = known if corpus or known.is_dir() else None
    raise typer.Exit(0 if audit_all(root, coursework, answers, idle=idle, seeds=seeds) else 1)


@app.command()
def references(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Write them anew from the model answers.")
    ] = False,
) -> None:
    """Compare this machine's devices with the stored reference outputs."""
    import torch
    from rich.console import Console

    from rnn_course.courseworks import reference_answers
    from rnn_course.courseworks import references as stored

    if rebuild:
        for path in reference_answers.rebuild():
            print(path)
    devices = ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]
    comparisons = [stored.verify(device) for device in devices]
    for comparison in comparisons:
        Console().print(comparison.table())
    raise typer.Exit(0 if all(comparison.ok for comparison in comparisons) else 1)


@app.command()
def doctor() -> None:
    """Tell what this machine has: packages, data, and what protects it from submissions."""
    from rnn_course.grading.host.doctor import diagnose

    findings = diagnose()
    for finding in findings:
        print(finding.text())
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)


@data_app.command("list")
def list_data() -> None:
    """Say what is stored on this machine: how large, and under which licence."""
    from rnn_course.data.cache import cache_dir
    from rnn_course.data.inventory import inventory

    found = inventory()
    for stored in found:
        print(stored.text())
    print(f"{sum(stored.size for stored in found) / 1e6:9.1f} MB  in all, in {cache_dir()}")


@data_app.command("clean")
def clean_data(
    downloads: Annotated[
        bool, typer.Option("--downloads", help="Also what a network is needed for.")
    ] = False,
) -> None:
    """Delete what can be made again; nothing of yours is in there."""
    from rnn_course.data.inventory import clean, inventory

    chosen = [stored for stored in inventory() if downloads or not stored.downloaded]
    for stored in chosen:
        print(f"deleting {stored.what}: {stored.path}")
    print(f"{clean(chosen) / 1e6:.1f} MB freed")


@data_app.command()
def speech(
    download: Annotated[bool, typer.Option(help="Fetch the real recordings (2.4 GB).")] = False,
    words: Annotated[str, typer.Option(help="Words, separated by commas.")] = "one,two,three",
) -> None:
    """Prepare Speech Commands: what is there already, the recordings, or synthetic speech."""
    from rnn_course.data.speech_commands import prepare

    print(prepare(download=download, classes=tuple(words.split(","))))


@data_app.command()
def mnist(
    download: Annotated[bool, typer.Option(help="Fetch the real images (11 MB).")] = False,
) -> None:
    """Fetch MNIST, or say what coursework 1 uses without it."""
    from rnn_course.data import download_mnist

    print(download_mnist() if download else "Without --download the embedded digits are used.")


@data_app.command()
def text(
    download: Annotated[bool, typer.Option(help="Fetch The Time Machine (179 kB).")] = False,
) -> None:
    """Fetch The Time Machine, or say what coursework 4 uses without it."""
    from rnn_course.data import time_machine

    if download:
        print(f"The Time Machine: {len(time_machine(download=True))} characters after cleaning.")
    else:
        print("Without --download the prose that comes with Python is used.")


def main() -> None:
    """Run the command line; an expected error is one message and exit code 2."""
    # jsonschema, through nbformat, would build a grammar of all IRIs, which takes a second or
    # more and which no notebook asks for; where the module is absent it does without.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    try:
        app()
    except ModuleNotFoundError as missing:
        name = missing.name or ""
        if name.partition(".")[0] not in _INSTRUCTORS and name not in _LEFT_OUT:
            raise
        _give_up(
            GradingError(
                "the packages that grade and build courseworks",
                f"no {missing.name}",
                'Run: pip install "rnn-course[instructor]"',
            )
        )
    except CourseError as error:
        _give_up(error)


def _give_up(error: CourseError) -> NoReturn:
    print(f"{type(error).__name__}: {error}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
