"""Where things are inside the sandbox, and who is who there."""

NOBODY = 65534
"""The user outside, where the host is root."""

STUDENT = 1000
"""The user inside, whoever that is outside."""

SCRATCH = "/scratch"
SUBMISSION = f"{SCRATCH}/submission"
HOME = f"{SCRATCH}/home"

SOCKETS = "/run/wall"
COMPILED = "/run/compiled"
"""`SOCKETS` and `COMPILED` are the fork server's, and covered before student code runs."""

WITHOUT = "RNN_COURSE_WITHOUT"
"""Environment variable with what is withheld from a kernel that no supervisor starts."""
