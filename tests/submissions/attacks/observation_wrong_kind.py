"""tries: answer every question with a description of something else

after: marks
"""

import json, struct

kernel = get_ipython().kernel


def message(tree, tensors=None, data=b""):
    header = json.dumps({"__metadata__": {"tree": tree}, **(tensors or {})}).encode()
    return struct.pack("<Q", len(header)) + header + data


def answer_with(make):
    async def observe_request(stream, ident, parent):
        stream.socket.send_multipart([*ident, b"ready"])
        while stream.socket.recv_multipart()[1] == b"ask":
            stream.socket.send_multipart([*ident, b"answer", make()])
        kernel.session.send(stream, "observe_reply", {}, parent, ident=ident)

    kernel.shell_handlers["observe_request"] = observe_request


answer_with(lambda: message('{"is": "Description", "of": {"kind": "function", "value": 15}}'))
