"""tries: hand in modules and settings that somebody may import on the way

after: folder
"""

import os

code = "import os; os.system('touch @OUTSIDE@/imported')"
modules = ["torch", "numpy", "json", "sitecustomize", "usercustomize", "conftest", "nbformat"]
modules += ["nbgrader_config", "jupyter_config", "ipython_config", "jupyter_server_config", "ast"]
for name in modules:
    with open(f"{name}.py", "w") as file:
        file.write(code)
for package in ("rnn_course", "nbgrader", "safetensors", "profile_default/startup", "custom"):
    os.makedirs(package)
    with open(f"{package}/__init__.py", "w") as file:
        file.write(code)
with open("x.pth", "w") as file:
    file.write(code)
