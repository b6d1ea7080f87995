"""tries: answer with sixty megabytes of structure that become a gigabyte once they are read

after: marks
bomb: yes
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
    channels = (channel for channel, _ in loop.handlers.values())
    channel = next(channel for channel in channels if isinstance(channel, socket.socket))

    def answer(*event):
        _, number, length = struct.unpack("<cQQ", channel.recv(17))
        while length > 0:
            length -= len(channel.recv(length))
        content = make()
        channel.sendall(struct.pack("<cQQ", b"b", number, len(content)) + content)

    loop.remove_handler(channel)
    loop.add_handler(channel, answer, loop.READ)


answer_with(lambda: message("[]," * 19_000_000 + "[]"))
