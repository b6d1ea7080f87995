"""The trusted judge: runs a submission in kernels, asks them, decides, keeps the results."""
