"""A mail that somebody has saved, with what is attached to it."""

import email
import email.policy
import email.utils
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

from rnn_course.grading.intake.downloads.hand_in import Claim, HandIn
from rnn_course.grading.intake.downloads.tree import Entry, Read
from rnn_course.grading.intake.safe_names import parts_of

_MOST = 256 * 2**20


def read(entry: Entry) -> HandIn:
    """Return a mail's attachments as its sender's hand-in.

    When it came is what the last server on its way has written; failing that, what the sender has.
    """
    content, why = entry.read(_MOST)
    if why:
        return HandIn(Claim(entry.name, text=entry.name), (entry,))
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # the policy says so
    sender, address = email.utils.parseaddr(str(message["From"] or ""))
    claim = Claim(
        f"{sender or address or entry.name}", name=sender, ident=(address,) if address else ()
    )
    return HandIn(claim, tuple(_attached(message, entry)), _time(message))


def _attached(message: EmailMessage, entry: Entry) -> Iterator[Entry]:
    for number, part in enumerate(message.iter_attachments()):
        raw = part.get_filename() or f"attachment-{number}"
        parts = parts_of(raw)[-1:]
        if parts:
            yield Entry(parts, raw, _reader(part), entry.modified)


def _reader(part: EmailMessage) -> Read:
    def read(room: int) -> tuple[bytes, str]:
        content = part.get_payload(decode=True) or b""
        if not isinstance(content, bytes) or len(content) > room:
            return b"", f"it is larger than the {room} bytes that were left for this hand-in"
        return content, ""

    return read


def _time(message: EmailMessage) -> datetime | None:
    received = [str(header).rpartition(";")[2] for header in message.get_all("Received", [])[:1]]
    for text in (*received, str(message["Date"] or "")):
        try:
            found = email.utils.parsedate_to_datetime(text.strip())
        except (ValueError, TypeError):
            continue
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    return None
