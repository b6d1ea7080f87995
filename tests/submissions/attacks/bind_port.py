"""tries: offer a service to the network"""

import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("0.0.0.0", 0))
server.listen()
print("@WIN@", server.getsockname())
