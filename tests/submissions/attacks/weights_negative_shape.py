"""tries: hand in weights of negative size that end before they begin

after: folder
"""

import json, struct

note = {"class": "RNNModel", "mode": "LSTM", "bias": "True"}
note |= {"input_size": "20", "hidden_size": "8", "num_layers": "1", "output_size": "3"}
tensors = {
    "a": {"dtype": "F32", "shape": [-4], "data_offsets": [16, 0]},
    "b": {"dtype": "F64", "shape": [-1, -1], "data_offsets": [-8, 0]},
}
header = json.dumps({"__metadata__": note, **tensors}).encode()
with open("speech_model.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(header)) + header + bytes(16))
