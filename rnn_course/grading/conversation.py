"""What the judge and a kernel say to each other between two cells.

A message ``observe_request`` opens a conversation on the shell channel. The kernel says
``[READY]``; then the judge sends ``[ASK, requests]`` and gets ``[ANSWER, answers]``, in several
messages if they take long, or ``[FAILED, why]``. This goes on as long as it likes; ``[ENOUGH]``
closes it, and an ``observe_reply`` follows. Jupyter's envelope around each of these messages would
cost several times as much.
"""

READY, ANSWER, FAILED = b"ready", b"answer", b"failed"
ASK, ENOUGH = b"ask", b"enough"
HEARD = frozenset({READY, ANSWER, FAILED})
