"""Things worth stealing, breaking or reaching, laid out for an attack, and watched.

An attack's text names them by placeholders: ``@OUTSIDE@`` a folder with a gradebook, a secret
seed, an ssh key, solutions and a classmate's submission; ``@PORT@`` a TCP and UDP service;
``@ABSTRACT@`` an abstract Unix socket; ``@VICTIM@`` a process; ``@MARK@`` a number that any
process it leaves behind carries in its command line; ``@HOME@`` and ``@COURSE@`` the real folders;
``@WIN@`` what it prints when it could do what it should not.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

_FILES = (
    "gradebook.db",
    "config/secret_seed",
    ".ssh/id_ed25519",
    "solutions/cw/cw.ipynb",
    "submitted/classmate/cw/cw.ipynb",
)
_VARIABLE = "RNN_COURSE_DECOY"


class Decoys:
    """A context manager that lays out the decoys, and tells what happened to them."""

    def __enter__(self) -> "Decoys":
        self.folder = Path(tempfile.mkdtemp(prefix="decoys-"))
        self.folder.chmod(0o755)
        self._secret, self._win = secrets.token_hex(12), secrets.token_hex(12)
        self._abstract = f"decoys-{secrets.token_hex(4)}"
        self.mark = f"{secrets.randbelow(10**6) + 10**6}.{secrets.randbelow(10**6):06d}"
        for name in _FILES:
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._secret)
        self._before = self._state()
        self._listen()
        os.environ[_VARIABLE] = self._secret
        self._victim = subprocess.Popen(
            ["sh", "-c", f"# {self._secret}\nread x"], stdin=subprocess.PIPE
        )
        return self

    def __exit__(self, *_) -> None:
        os.environ.pop(_VARIABLE, None)
        self._victim.kill()
        self._victim.communicate()
        for sock in self._services:
            sock.close()
        for pid in self._survivors():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def fill(self, code: str) -> str:
        """Put the real places and numbers into an attack's text."""
        values = {
            "OUTSIDE": self.folder,
            "PORT": self._port,
            "ABSTRACT": self._abstract,
            "VICTIM": self._victim.pid,
            "MARK": self.mark,
            "WIN": self._win,
            "HOME": Path.home(),
            "COURSE": Path(__file__).resolve().parents[3],
        }
        for name, value in values.items():
            code = code.replace(f"@{name}@", str(value))
        return code

    def harm(self, outputs: list[dict]) -> list[str]:
        """Return what an attack achieved, a few words each.

        Args:
            outputs: outputs of its cell. Tracebacks are ignored, since they quote the attack.
        """
        text = "".join(_text(output) for output in outputs)
        found = ["read a secret"] if self._secret in text else []
        found += ["did what should be forbidden"] if self._win in text else []
        found += ["changed files outside"] if self._state() != self._before else []
        found += ["reached a service"] if self._contacted() else []
        found += ["killed another process"] if self._victim.poll() is not None else []
        found += ["left a process behind"] if self._survivors() else []
        return found

    def reveals(self, text: str) -> bool:
        """Tell whether a text holds the secret."""
        return self._secret in text

    def _listen(self) -> None:
        tcp, udp = socket.create_server(("127.0.0.1", 0)), socket.socket(type=socket.SOCK_DGRAM)
        self._port = tcp.getsockname()[1]
        udp.bind(("127.0.0.1", self._port))
        file, abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        file.bind(str(self.folder / "service.sock"))
        abstract.bind(f"\0{self._abstract}")
        self._services = (tcp, udp, file, abstract)
        for sock in (tcp, file, abstract):
            sock.listen()
        for sock in self._services:
            sock.setblocking(False)

    def _contacted(self) -> bool:
        for sock in self._services:
            with suppress(BlockingIOError):
                if sock.type == socket.SOCK_DGRAM:
                    sock.recv(100)
                else:
                    sock.accept()[0].close()
                return True
        return False

    def _state(self) -> dict[str, str]:
        paths = (path for path in self.folder.rglob("*") if path.name != "service.sock")
        return {str(p): p.read_text() if p.is_file() else "" for p in paths}

    def _survivors(self) -> list[int]:
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if self.mark.encode() in path.read_bytes():
                    found.append(int(path.parent.name))
        return found


def _text(output: dict) -> str:
    if output["output_type"] == "stream":
        return output["text"]
    return repr(output.get("data", ""))
