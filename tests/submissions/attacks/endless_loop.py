"""tries: compute for ever

bomb: yes
"""

while True:
    pass
