"""tries: hand in weights of more numbers than there are addresses

after: folder
"""

import json, struct

note = {"class": "RNNModel", "mode": "LSTM", "bias": "True"}
note |= {"input_size": "20", "hidden_size": "8", "num_layers": "1", "output_size": "3"}
tensors = {
    "a": {"dtype": "F32", "shape": [2**62, 4, 2**62], "data_offsets": [0, 0]},
    "b": {"dtype": "F32", "shape": [0, 2**63], "data_offsets": [0, 0]},
    "c": {"dtype": "F32", "shape": [1] * 100_000, "data_offsets": [0, 4]},
}
header = json.dumps({"__metadata__": note, **tensors}).encode()
with open("speech_model.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(header)) + header + bytes(4))
