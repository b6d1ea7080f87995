"""tries: hang up on the judge

after: marks
"""

import socket, struct

from tornado.ioloop import IOLoop

loop = IOLoop.current()
wires = (wire for wire, _ in loop.handlers.values())
wire = next(wire for wire in wires if isinstance(wire, socket.socket))
loop.remove_handler(wire)
wire.shutdown(socket.SHUT_RDWR)
