"""What the host and the supervisor of one submission say to each other, on a socket pair.

The supervisor begins with an empty line, with which the system tells the host its number. The host
sends an order: a line of JSON (the kernel's name and key, the limits, names and
sizes of the files), then the files' bytes. The supervisor answers with a line of JSON: ``ready``,
or ``failed`` and why. From then on the host sends single letters, and hears a line once the kernel
has ended: ``exit``, its code, and ``why``. The supervisor's end closes when the last process of
the submission is gone, and its submission ends when the host closes its own.
"""

HERE = b"\n"
INTERRUPT, KILL = b"I", b"K"

JUPYTER_CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
"""A kernel's sockets are files with the numbers of these, from 1, behind a common prefix."""
