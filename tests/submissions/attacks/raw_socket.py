"""tries: listen to the machine's network through raw, packet and netlink sockets"""

import socket

for family, kind, protocol in ((17, 3, 0x0300), (socket.AF_INET, 3, 1), (16, 3, 0)):
    try:
        socket.socket(family, kind, protocol)
        print("@WIN@")
    except OSError as error:
        print(error)
