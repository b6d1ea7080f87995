"""tries: return at once and go on in a thread"""

import threading

def burn():
    while True:
        pass

for _ in range(4):
    threading.Thread(target=burn, daemon=True).start()
