"""What the judge and a kernel say to each other between two cells.

A message ``observe_request`` opens a conversation on the shell channel. The kernel says
``[READY]``; then the judge sends ``[ASK, request]`` and gets ``[ANSWER, answer]`` or
``[FAILED, why]``, as often as it likes; ``[ENOUGH]`` closes it, and an ``observe_reply`` follows.
Jupyter's envelope around each of a submission's requests, of which coursework 2 has two hundred,
would cost several times as much as this.
"""

READY, ANSWER, FAILED = b"ready", b"answer", b"failed"
ASK, ENOUGH = b"ask", b"enough"
HEARD = frozenset({READY, ANSWER, FAILED})
