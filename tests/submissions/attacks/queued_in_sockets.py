"""tries: let enlarged buffers of sockets hold what no page table shows

plain: no
"""

import socket

queued = 0
for _ in range(10):
    try:
        one, other = socket.socketpair()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 * 2**20)
    except OSError as error:
        print(error)
        break
    one.setblocking(False)
    try:
        while True:
            queued += one.send(bytes(2**16))
    except BlockingIOError:
        pass
print(queued)
if queued > 10 * 2**20:
    print("@WIN@", queued)
