"""tries: send a datagram to a service on this machine"""

import socket

socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"@WIN@", ("127.0.0.1", @PORT@))
