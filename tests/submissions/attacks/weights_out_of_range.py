"""tries: hand in weights that lie beyond the end of the file

after: folder
"""

import json, struct

note = {"class": "RNNModel", "mode": "LSTM", "bias": "True"}
note |= {"input_size": "20", "hidden_size": "8", "num_layers": "1", "output_size": "3"}
tensors = {
    "a": {"dtype": "F32", "shape": [10**9], "data_offsets": [0, 4 * 10**9]},
    "b": {"dtype": "F32", "shape": [1], "data_offsets": [2**64 - 4, 2**64]},
}
header = json.dumps({"__metadata__": note, **tensors}).encode()
with open("speech_model.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(header)) + header + bytes(16))
