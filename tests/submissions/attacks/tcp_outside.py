"""tries: reach a machine elsewhere over TCP"""

import socket

for address in ("1.1.1.1", "192.168.0.1", "10.0.0.1", "169.254.169.254"):
    try:
        socket.create_connection((address, 80), timeout=1)
        print("@WIN@")
    except TimeoutError:
        pass
