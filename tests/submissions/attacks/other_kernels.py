"""tries: find another submission's kernel and send it code"""

import glob

print(glob.glob("/run/wall/*") and "@WIN@", glob.glob("/tmp/rnn-wall-*") and "@WIN@")
