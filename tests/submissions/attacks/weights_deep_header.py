"""tries: hand in weights whose header is nested a hundred thousand deep

after: folder
"""

import struct

header = b'{"w":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
with open("speech_model.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(header)) + header)
