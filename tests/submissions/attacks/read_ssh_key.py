"""tries: read the instructor's ssh key"""

print(open("@OUTSIDE@/.ssh/id_ed25519").read())
