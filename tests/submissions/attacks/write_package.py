"""tries: change the grader's own code for the next submission"""

import os, sys
import numpy, rnn_course

for folder in (*rnn_course.__path__, *numpy.__path__, os.path.dirname(os.__file__), sys.prefix):
    path = os.path.join(folder, "planted_by_attack.py")
    try:
        open(path, "x").close()
        os.remove(path)
        print("@WIN@", path)
    except OSError as error:
        print(error)
