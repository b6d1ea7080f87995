"""tries: compute for ever in C, where no interrupt is seen

bomb: yes
"""

sum(iter(int, 1))
