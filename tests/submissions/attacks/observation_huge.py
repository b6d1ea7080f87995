"""tries: answer with more than the judge can hold

after: marks
"""

import socket, struct

from tornado.ioloop import IOLoop


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


answer_with(lambda: bytes(300_000_000))
