"""Modules of the package import one another in one direction only.

import-linter guards the layers; this guards what is inside of one.
"""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

import grimp
import pytest


def imports(package: str) -> dict[str, set[str]]:
    """Return what each module imports, also inside functions; not what only types need."""
    graph = grimp.build_graph(package, exclude_type_checking_imports=True, cache_dir=None)
    return {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}


def circle(graph: Mapping[str, set[str]]) -> str:
    """Return one circle of imports, the importer first, or ""."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return " -> ".join(reversed(found.args[1]))
    return ""


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = imports("rnn_course")
    assert "rnn_course.checks.report" in graph
    assert circle(graph) == ""


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ("from detour import one", True),
        ("def late():\n    from detour.one import one", True),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from detour import one", False),
    ],
)
def test_a_circle_is_found_wherever_its_imports_stand(tmp_path, monkeypatch, second, found) -> None:
    folder = tmp_path / "detour"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "one.py").write_text("from detour import two\n")
    (folder / "two.py").write_text(second + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    one, two = "detour.one", "detour.two"
    circles = {f"{one} -> {two} -> {one}", f"{two} -> {one} -> {two}"}
    assert circle(imports("detour")) in (circles if found else {""})
