import sys

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")


@pytest.fixture(autouse=True)
def behind_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = {"kernel_provisioner": {"provisioner_name": "rnn-course-sandbox"}}
    found = KernelSpec(argv=["python"], language="python", metadata=spec)
    monkeypatch.setattr(KernelManager, "kernel_spec", found)


def execute(*sources: str, folder: str = "", **options) -> nbformat.NotebookNode:
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    resources = {"metadata": {"path": folder}} if folder else {}
    NotebookClient(notebook, resources=resources, **options).execute()
    return notebook


def test_nbclient_runs_notebooks_behind_the_wall(tmp_path) -> None:
    (tmp_path / "notes.txt").write_text("1")
    source = "import os\n(os.listdir('.'), os.getcwd(), os.path.exists('/root'), os.getuid())"
    notebook = execute(source, folder=str(tmp_path))
    seen = notebook.cells[0].outputs[0]["data"]["text/plain"]
    assert seen.startswith("(['notes.txt'], '/scratch/submission'")
    assert seen.endswith("1000)")


def test_nbclient_can_interrupt_it() -> None:
    notebook = execute(
        "while True: pass", "1 + 1", timeout=1, interrupt_on_timeout=True, allow_errors=True
    )
    assert notebook.cells[0].outputs[0]["ename"] == "KeyboardInterrupt"
    assert notebook.cells[1].outputs[0]["data"]["text/plain"] == "2"


def test_nbclient_notices_its_death() -> None:
    with pytest.raises(DeadKernelError):
        execute("import os; os._exit(1)")
