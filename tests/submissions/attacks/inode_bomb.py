"""tries: fill the disk with empty files

bomb: yes
"""

for number in range(10**7):
    open(f"/tmp/attack-{number}", "w").close()
