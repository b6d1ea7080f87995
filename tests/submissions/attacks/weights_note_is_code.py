"""tries: hand in weights whose note is code, markup and numbers of a million digits

after: folder
"""

import json, struct

command = "__import__('os').system('touch @OUTSIDE@/ran')"
note = {"class": command, "mode": "\x1b[2J<script>@MARK@</script>", "bias": command}
note |= {"input_size": command, "hidden_size": "9" * 1_000_000, "data": "{self.__class__}"}
note |= {"num_layers": "-1", "output_size": "\u0663"}
header = json.dumps({"__metadata__": note}).encode()
with open("speech_model.safetensors", "wb") as file:
    file.write(struct.pack("<Q", len(header)) + header)
