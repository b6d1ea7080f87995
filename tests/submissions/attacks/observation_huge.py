"""tries: answer with more than the judge can hold

after: marks
"""

kernel = get_ipython().kernel


async def observe_request(stream, ident, parent):
    stream.socket.send_multipart([*ident, b"ready"])
    while stream.socket.recv_multipart()[1] == b"ask":
        stream.socket.send_multipart([*ident, b"answer", bytes(300_000_000)])
    kernel.session.send(stream, "observe_reply", {}, parent, ident=ident)


kernel.shell_handlers["observe_request"] = observe_request
