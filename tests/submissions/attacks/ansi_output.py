"""tries: rewrite the terminal and the log with control characters

after: marks
"""

print("\x1b[2J\x1b]0;owned\x07\r\x08full marks\u202e\x00")
raise ValueError("\x1b[31m15 of 15 points\x1b[0m\x07")
