"""Writes idx files for the tests."""

import struct


def idx_bytes(array, code=8):
    header = bytes((0, 0, code, array.ndim))
    return header + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()
