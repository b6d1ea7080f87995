"""tries: speak to a service on a Unix socket in the instructor's folder"""

import socket

line = socket.socket(socket.AF_UNIX)
line.connect("@OUTSIDE@/service.sock")
line.sendall(b"@WIN@")
