"""tries: read the secret seed"""

print(open("@OUTSIDE@/config/secret_seed").read())
