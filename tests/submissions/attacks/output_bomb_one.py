"""tries: display one enormous object

bomb: yes
"""

from IPython.display import HTML, display

for _ in range(20):
    display(HTML("x" * 200_000_000))
