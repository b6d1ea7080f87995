"""One kernel at a time: runs cells and answers expressions, bounded in time and output."""

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty
from typing import Any, Protocol

import nbformat
from nbformat import NotebookNode

from rnn_course.checks.subject import SubjectLostError
from rnn_course.grading.limits import Limits

_POLL_SECONDS = 0.2
_FLOOD = 20  # times the output that is kept, after which the cell is stopped
_PICTURES = ("image/png", "image/jpeg")


class Kernel(Protocol):
    """A running kernel, however it was started."""

    client: Any
    """A blocking jupyter_client whose channels are open and which is ready."""

    def is_alive(self) -> bool:
        """Tell whether its process is there."""

    def interrupt(self) -> None:
        """Ask it to stop what it does."""

    def close(self) -> None:
        """Kill it and all it left behind."""


@dataclass
class Execution:
    """What running one cell did.

    Attributes:
        outputs: notebook outputs, without anything a browser would execute.
        raised: type of the exception that ended it, "" if none did.
        stopped: message of the limit that stopped it, "" if none did.
        truncated: whether it wrote more than is kept.
        size: how much it wrote, in characters of the messages.
    """

    outputs: list[NotebookNode] = field(default_factory=list)
    raised: str = ""
    stopped: str = ""
    truncated: bool = False
    size: int = 0


class Session:
    """Runs the cells of one submission.

    Args:
        launch: starts a kernel.
        limits: what a submission may use.
    """

    def __init__(self, launch: Callable[[], Kernel], limits: Limits) -> None:
        self._launch, self._limits = launch, limits
        self._kernel: Kernel | None = None
        self._ends = time.monotonic() + limits.submission_seconds

    @property
    def out_of_time(self) -> bool:
        """Whether the submission has used up its seconds."""
        return time.monotonic() > self._ends

    def restart(self) -> None:
        """Replace the kernel by a fresh one."""
        self.close()
        self._kernel = self._launch()

    def close(self) -> None:
        """End the kernel, if there is one."""
        if self._kernel is not None:
            self._kernel.close()
            self._kernel = None

    def run(self, source: str) -> Execution:
        """Run a cell.

        Raises:
            SubjectLostError: it killed its kernel or would not stop.
        """
        done = Execution()
        self._exchange(done, source, store_history=True)
        return done

    def evaluate(self, expression: str) -> str:
        """Return the text of an expression's value.

        Raises:
            SubjectLostError: evaluating it killed the kernel or took too long.
        """
        reply = self._exchange(
            Execution(), "", silent=True, user_expressions={"answer": expression}
        )
        try:
            answer = reply["content"]["user_expressions"]["answer"]
            return str(answer["data"]["text/plain"] if answer["status"] == "ok" else answer)
        except (KeyError, TypeError):
            return ""

    def _exchange(self, done: Execution, source: str, **options: Any) -> dict[str, Any]:
        if self._kernel is None:
            self.restart()
        client = self._kernel.client
        message = client.execute(source, allow_stdin=False, stop_on_error=False, **options)
        deadline = min(time.monotonic() + self._limits.cell_seconds, self._ends)
        while True:
            arrived = self._next(client.get_iopub_msg, message, deadline, done)
            if arrived is None:
                return {}
            if arrived["msg_type"] == "status":
                if arrived["content"].get("execution_state") == "idle":
                    break
            else:
                self._collect(done, arrived)
                if done.size > _FLOOD * self._limits.output_bytes:
                    raise self._lost("crashed", self._limits.message("output"))
        return self._next(client.get_shell_msg, message, deadline, done) or {}

    def _next(
        self, get: Callable[..., dict], message: str, deadline: float, done: Execution
    ) -> dict[str, Any] | None:
        """Wait for the next message about a request; None once a limit stopped the cell."""
        while True:
            try:
                arrived = get(timeout=_POLL_SECONDS)
                if arrived["parent_header"].get("msg_id") == message:
                    return arrived
            except Empty:
                if not self._kernel.is_alive():
                    raise self._lost("crashed", self._limits.message("crashed")) from None
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise self._lost("crashed", self._limits.message("tampered")) from error
            if time.monotonic() > deadline + (self._limits.grace_seconds if done.stopped else 0):
                if done.stopped:
                    raise self._lost("timeout", done.stopped)
                done.stopped = self._limits.message("cell")
                self._kernel.interrupt()

    def _lost(self, status: str, came: str) -> SubjectLostError:
        self.close()
        return SubjectLostError(status, came)

    def _collect(self, done: Execution, message: dict[str, Any]) -> None:
        """Keep an output if it is one and the cell's allowance is not used up."""
        kind, content = message["msg_type"], message["content"]
        if kind not in ("stream", "display_data", "execute_result", "error"):
            return
        done.size += len(repr(content))
        if done.size > self._limits.output_bytes:
            done.truncated = True
            return
        if kind == "error":
            done.raised = str(content.get("ename", "error"))[:100]
        try:
            output = nbformat.v4.output_from_msg({"header": {"msg_type": kind}, **message})
            output = _harmless(output)
        except (KeyError, TypeError, ValueError, AttributeError):
            return
        last = done.outputs[-1] if done.outputs else None
        if kind == "stream" and last and last.get("name") == output.name:
            last.text += output.text
        else:
            done.outputs.append(output)


def _harmless(output: NotebookNode) -> NotebookNode:
    """Keep text and pictures; a student's HTML or JavaScript never reaches a browser."""
    if output.output_type == "stream":
        name = "stderr" if output.name == "stderr" else "stdout"
        return nbformat.v4.new_output("stream", name=name, text=str(output.text))
    if output.output_type == "error":
        trace = [str(line) for line in output.traceback]
        about = {"ename": str(output.ename), "evalue": str(output.evalue), "traceback": trace}
        return nbformat.v4.new_output("error", **about)
    data = {}
    for kind in _PICTURES:
        if kind in output.data:
            data[kind] = base64.b64encode(base64.b64decode(output.data[kind])).decode()
    if "text/plain" in output.data:
        data["text/plain"] = str(output.data["text/plain"])
    count = {"execution_count": None} if output.output_type == "execute_result" else {}
    return nbformat.v4.new_output(output.output_type, data=data, **count)
