"""tries: announce to the judge an answer that never ends

after: marks
"""

import socket, struct

from tornado.ioloop import IOLoop

loop = IOLoop.current()
channels = (channel for channel, _ in loop.handlers.values())
channel = next(channel for channel in channels if isinstance(channel, socket.socket))
loop.remove_handler(channel)
channel.sendall(struct.pack("<cQQ", b"b", 1, 2**62) + bytes(100))
