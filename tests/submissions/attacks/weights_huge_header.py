"""tries: hand in weights whose header is thirty megabytes of JSON

after: folder
bomb: yes
"""

import struct

header = b'{"__metadata__":{},"w":[' + b"[]," * 10_000_000 + b"[]]}"
with open("speech_model.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(header)) + header)
