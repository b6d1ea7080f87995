"""A mail that somebody has saved, with what is attached to it."""

import email
import email.policy
import email.utils
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage, Message

from rnn_course.grading.intake.downloads.hand_in import Claim, HandIn
from rnn_course.grading.intake.downloads.tree import Entry, in_memory
from rnn_course.grading.intake.safe_names import parts_of

_MOST = 256 * 2**20


def read(entry: Entry) -> HandIn:
    """Return a mail's attachments as its sender's hand-in.

    When it came is what the last server on its way has written; failing that, what the sender has.
    """
    content, why = entry.read(_MOST)
    unread = HandIn(Claim(entry.name, text=entry.name.rpartition(".")[0]), (entry,))
    if why:
        return unread
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        sender, address = email.utils.parseaddr(str(message["From"] or ""))
        if not sender and not address:
            return unread
        claim = Claim(sender or address, name=sender, ident=(address,) if address else ())
        return HandIn(claim, tuple(_attached(message, entry)), _time(message))
    except Exception:  # Python's parser lets index, attribute and other errors through
        return unread


def _attached(message: Message, entry: Entry) -> Iterator[Entry]:
    assert isinstance(message, EmailMessage)  # the policy says so
    for number, part in enumerate(message.iter_attachments()):
        raw = part.get_filename() or f"attachment-{number}"
        parts = parts_of(raw)[-1:]
        if parts:
            content = part.get_payload(decode=True)
            yield Entry(parts, raw, in_memory(content if isinstance(content, bytes) else b""))


def _time(message: Message) -> datetime | None:
    received = [str(header).rpartition(";")[2] for header in message.get_all("Received", [])[:1]]
    for text in (*received, str(message["Date"] or "")):
        try:
            found = email.utils.parsedate_to_datetime(text.strip())
        except (ValueError, TypeError):
            continue
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    return None
