"""tries: answer with more than the judge can hold

after: marks
"""

import socket, struct

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


answer_with(lambda: bytes(300_000_000))
