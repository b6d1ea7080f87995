"""tries: hand in weights whose header ends far beyond the file

after: folder
"""

import struct

with open("speech_model.safetensors", "wb") as file:
    file.write(struct.pack("<Q", 2**40) + b'{"w": {}}')
