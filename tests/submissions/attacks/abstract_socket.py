"""tries: speak to a service on an abstract Unix socket, which has no file"""

import socket

line = socket.socket(socket.AF_UNIX)
line.connect("\0@ABSTRACT@")
line.sendall(b"@WIN@")
