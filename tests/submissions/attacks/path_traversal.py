"""tries: leave the folder with dots"""

print(open("../" * 30 + "@OUTSIDE@/gradebook.db".lstrip("/")).read())
