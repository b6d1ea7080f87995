"""tries: read the gradebook"""

print(open("@OUTSIDE@/gradebook.db").read())
