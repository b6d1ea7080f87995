"""tries: answer questions that nobody asked, without end

after: marks
bomb: yes
"""

import socket, struct

from tornado.ioloop import IOLoop

loop = IOLoop.current()
channels = (channel for channel, _ in loop.handlers.values())
channel = next(channel for channel in channels if isinstance(channel, socket.socket))


def flood():
    while True:
        channel.sendall(struct.pack("<cQQ", b"b", 2**40, 0) * 1000)


import threading

threading.Thread(target=flood, daemon=True).start()
