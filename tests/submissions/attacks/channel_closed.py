"""tries: hang up on the judge

after: marks
"""

import socket, struct

from tornado.ioloop import IOLoop

loop = IOLoop.current()
channels = (channel for channel, _ in loop.handlers.values())
channel = next(channel for channel in channels if isinstance(channel, socket.socket))
loop.remove_handler(channel)
channel.shutdown(socket.SHUT_RDWR)
