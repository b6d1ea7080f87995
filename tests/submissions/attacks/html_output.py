"""tries: run a script in the browser of whoever reads the feedback

after: marks
"""

from IPython.display import HTML, Javascript, display

display(HTML("<script>alert('@MARK@')</script><img src=x onerror=alert(1)>"))
display(Javascript("alert('@MARK@')"))
display({"image/svg+xml": "<svg onload=alert(1)>"}, raw=True)
display({"text/markdown": "<script>alert('@MARK@')</script>", "text/latex": "x"}, raw=True)
print("<script>alert('@MARK@')</script>")
