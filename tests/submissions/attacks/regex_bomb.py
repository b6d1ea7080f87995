"""tries: compute for ever in a regular expression

bomb: yes
"""

import re

re.match(r"(a|a)*$", "a" * 60 + "b")
