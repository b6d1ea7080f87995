"""What learning platforms, exchanges and mailboxes give out, told apart and read alike.

A download is seen as a `tree.Tree`, whether it is an archive or a folder into which somebody has
unpacked one. A reader for each format turns a tree into hand-ins, or says that it is not its kind.
Nothing here writes.
"""
