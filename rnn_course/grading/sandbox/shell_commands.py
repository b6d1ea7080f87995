"""``!command`` in a cell, over pipes: IPython's own way asks for a terminal."""

import codecs
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import IO

_PIECE = 4096  # bytes: output is shown as it comes


def run_command(command: str) -> int:
    """Run a command of the shell, print what it says, and return its exit code.

    Raises:
        KeyboardInterrupt: it was interrupted; whatever it had started is ended.
    """
    sys.stdout.flush()
    process = subprocess.Popen(
        command,
        shell=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        process_group=0,
    )
    assert process.stdout is not None
    try:
        _show(process.stdout)
        return process.wait()
    except KeyboardInterrupt:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        process.stdout.close()


def _show(output: IO[bytes]) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    while piece := os.read(output.fileno(), _PIECE):
        sys.stdout.write(decoder.decode(piece))
        sys.stdout.flush()
    sys.stdout.write(decoder.decode(b"", final=True))
