"""tries: read secrets from environment variables"""

import os

print(dict(os.environ))
