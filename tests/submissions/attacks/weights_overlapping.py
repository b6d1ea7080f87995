"""tries: hand in weights that share their bytes

after: folder
"""

import json, struct

note = {"class": "RNNModel", "mode": "LSTM", "bias": "True"}
note |= {"input_size": "20", "hidden_size": "8", "num_layers": "1", "output_size": "3"}
tensors = {
    "a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]},
    "b": {"dtype": "F32", "shape": [4], "data_offsets": [8, 24]},
}
header = json.dumps({"__metadata__": note, **tensors}).encode()
with open("speech_model.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(header)) + header + bytes(24))
