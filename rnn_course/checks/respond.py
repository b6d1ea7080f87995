"""The kernel's half of the remote seam: a request in, an observation out, both as base64 text."""

import base64
from collections.abc import Mapping
from typing import Any

from rnn_course.checks.observe import perform
from rnn_course.checks.wire import decode, encode


def respond(request: str, namespace: Mapping[str, Any]) -> str:
    """Answer an encoded request about a namespace."""
    answer = perform(namespace, decode(base64.b64decode(request)))
    return base64.b64encode(encode(answer)).decode()
