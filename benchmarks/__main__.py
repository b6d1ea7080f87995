"""Runs benchmarks and prints what they found: ``python -m benchmarks [NAME …]``; all by default."""

import importlib
import pkgutil
import sys

from rich.console import Console
from rich.table import Table

import benchmarks


def main(names: list[str]) -> int:
    """Run the named benchmarks; return 1 if one of them missed its bar."""
    found = names or [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    modules = [importlib.import_module(f"benchmarks.{name}") for name in found if name[0] != "_"]
    measured = {m.__name__.split(".")[-1]: m.run() for m in modules if hasattr(m, "run")}
    table = Table("benchmark", "what", "measured", "bar", "met?")
    for name, rows in measured.items():
        for row in rows:
            bar, met = row["bar"], row["met"]
            table.add_row(
                *(name, row["what"], f"{row['value']:g} {row['unit']}"),
                *("" if bar is None else f"{bar:g}", "" if met is None else "yes" if met else "NO"),
            )
    Console().print(table)
    return 0 if all(row["met"] in (True, None) for rows in measured.values() for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
