"""tries: hand in a pickle that runs a command, under the name of the weights

after: folder
"""

import os, pickle


class Bomb:
    def __reduce__(self):
        return os.system, ("touch @OUTSIDE@/unpickled",)


for name in ("speech_model.safetensors", "model.pt", "model.pkl", "model.npy", "history.json"):
    with open(name, "wb") as file:
        pickle.dump(Bomb(), file)
