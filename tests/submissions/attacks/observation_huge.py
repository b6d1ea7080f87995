"""tries: answer with more than the judge can hold

after: marks
"""

kernel = get_ipython().kernel


async def observe_request(stream, ident, parent):
    kernel.session.send(
        stream, "observe_reply", {}, parent, ident=ident, buffers=[bytes(300_000_000)]
    )


kernel.shell_handlers["observe_request"] = observe_request
