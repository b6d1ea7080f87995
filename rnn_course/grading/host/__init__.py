"""Outside the sandbox: starts and confines kernels, and speaks to them without trusting them."""
