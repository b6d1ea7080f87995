"""tries: hand in a pipe that nobody writes to as weights

after: folder
plain: no
"""

import os

os.mkfifo("speech_model.safetensors")
os.mkfifo("notes.txt")
