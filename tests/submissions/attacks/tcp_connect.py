"""tries: connect to a service on this machine over TCP"""

import socket

with socket.create_connection(("127.0.0.1", @PORT@), timeout=3) as line:
    line.sendall(b"@WIN@")
