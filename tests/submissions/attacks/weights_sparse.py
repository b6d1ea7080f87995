"""tries: hand in weights of two gigabytes that take no room on the disk

after: folder
bomb: yes
"""

import struct

with open("speech_model.safetensors", "wb") as file:
    file.write(struct.pack("<Q", 2) + b"{}")
    file.truncate(2 * 2**30)
