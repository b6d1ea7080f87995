"""tries: change how the whole machine behaves through /proc/sys, /sys and cgroups"""

import os

for path in (
    "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sysrq-trigger",
    "/sys/power/state", "/sys/fs/cgroup/memory/tasks", "/sys/fs/cgroup/cgroup.procs", "/etc/passwd",
):
    try:
        os.close(os.open(path, os.O_WRONLY))
        print("@WIN@", path)
    except OSError as error:
        print(error)
