"""tries: hand in a link to a device that never ends as weights

after: folder
plain: no
"""

import os

os.symlink("/dev/zero", "speech_model.safetensors")
os.symlink("/dev/zero", "notes.txt")
