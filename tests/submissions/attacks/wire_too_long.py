"""tries: announce to the judge an answer that never ends

after: marks
"""

import socket, struct

from tornado.ioloop import IOLoop

loop = IOLoop.current()
wires = (wire for wire, _ in loop.handlers.values())
wire = next(wire for wire in wires if isinstance(wire, socket.socket))
loop.remove_handler(wire)
wire.sendall(struct.pack("<cQQ", b"b", 1, 2**62) + bytes(100))
