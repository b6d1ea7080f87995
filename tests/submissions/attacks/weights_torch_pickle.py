"""tries: hand in what torch.save wrote, with a command in it, as weights

after: folder
"""

import os

import torch


class Bomb:
    def __reduce__(self):
        return os.system, ("touch @OUTSIDE@/unpickled",)


torch.save({"weight": torch.zeros(3), "bomb": Bomb()}, "speech_model.safetensors")
