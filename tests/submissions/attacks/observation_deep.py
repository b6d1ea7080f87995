"""tries: answer with lists in lists in lists

after: marks
"""

import json, socket, struct

from tornado.ioloop import IOLoop


def message(tree, header=None, data=b""):
    tree = ("[" + tree + "]").encode()
    place = {"dtype": "U8", "shape": [len(tree)], "data_offsets": [0, len(tree)]}
    header = json.dumps({"tree": place, **(header or {})}).encode()
    return struct.pack("<Q", len(header)) + header + tree + data


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


answer_with(lambda: message("[" * 100_000 + "]" * 100_000))
