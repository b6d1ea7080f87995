"""tries: fill the disk

bomb: yes
"""

for number in range(10**6):
    with open(f"/tmp/attack-{number}", "wb") as file:
        file.write(bytes(100_000_000))
