"""tries: carry something out in a name-server query"""

import socket

query = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x06secret\x00\x00\x01\x00\x01"
for family in (socket.AF_INET, socket.AF_INET6):
    try:
        place = "127.0.0.1" if family == socket.AF_INET else "::ffff:127.0.0.1"
        socket.socket(family, socket.SOCK_DGRAM).sendto(query + b"@WIN@", (place, @PORT@))
    except OSError as error:
        print(error)
