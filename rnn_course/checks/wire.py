"""Bytes that carry requests and observations across the wall, and nothing but data.

A message is one safetensors file: arrays as tensors, the structure as JSON in its metadata.
Decoding builds only the value classes listed in `requests.CROSSING` and `values`; sizes, counts
and nesting are checked before anything is built, so a hostile message costs an
`ObservationError` and no more.

References:
    safetensors format: https://huggingface.co/docs/safetensors
"""

import json
import math
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from rnn_course.checks.requests import CROSSING
from rnn_course.checks.values import Opaque, Rng, Tensor
from rnn_course.errors import ObservationError

MAX_BYTES = 256 * 2**20
MAX_HEADER = 32 * 2**20
MAX_NODES = 200_000
MAX_DEPTH = 40
MAX_TEXT = 100_000

_CLASSES = {cls.__name__: cls for cls in (*CROSSING, Tensor, Rng)}
_ARRAY_KINDS = "fiub"
_MALFORMED = (SafetensorError, ValueError, KeyError, TypeError, AttributeError)
_MALFORMED += (RecursionError, OverflowError, MemoryError)

Fits = Callable[[Any], bool]


def encode(value: Any) -> bytes:
    """Turn a request or an observation into bytes; what is not data becomes `Opaque`."""
    arrays: dict[str, np.ndarray] = {}
    tree = _pack(value, arrays, 0)
    return save_tensors(arrays, metadata={"tree": json.dumps(tree)})


def decode(message: bytes) -> Any:
    """Turn bytes back into data.

    Raises:
        ObservationError: the message is too large, too deep, or not one of ours.
    """
    if len(message) > MAX_BYTES:
        raise _malformed(f"{len(message)} bytes")
    header = int.from_bytes(message[:8], "little")
    if header > MAX_HEADER:  # JSON grows twentyfold when it is read
        raise _malformed(f"a structure of {header} bytes")
    try:
        arrays = load_tensors(message)
        tree = json.loads(json.loads(message[8 : 8 + header])["__metadata__"]["tree"])
        return _Unpacker(arrays).unpack(tree, 0)
    except _MALFORMED as e:
        raise _malformed(f"{type(e).__name__}: {str(e)[:200]}") from e


def _malformed(came: str) -> ObservationError:
    return ObservationError(
        f"an observation of at most {MAX_BYTES >> 20} MiB and {MAX_NODES} parts",
        came,
        "The student's code returned something enormous, or tampered with the observation.",
    )


def _pack(value: Any, arrays: dict[str, np.ndarray], depth: int) -> Any:
    kind = type(value)
    if value is None or kind in (bool, int):
        return value if kind is not int or abs(value) < 2**63 else {"int": str(value)[:5000]}
    if kind is float:
        return value if math.isfinite(value) else {"float": repr(value)}
    if kind is str:
        return value[:MAX_TEXT]
    if depth >= MAX_DEPTH:
        return {"is": "Opaque", "of": {"type": kind.__name__, "text": "nested too deeply"}}
    if kind is np.ndarray and value.dtype.kind in _ARRAY_KINDS and value.dtype.itemsize <= 8:
        array = np.ascontiguousarray(value, value.dtype.newbyteorder("="))
        return {"array": _store(array, arrays), "shape": list(value.shape)}
    if isinstance(value, np.generic) and value.dtype.kind in _ARRAY_KINDS:
        return {"array": _store(np.asarray(value), arrays), "shape": [], "scalar": True}
    if kind is list:
        return [_pack(item, arrays, depth + 1) for item in value]
    if kind is tuple:
        return {"tuple": [_pack(item, arrays, depth + 1) for item in value]}
    if kind is dict and all(type(key) is str for key in value):
        return {"dict": {key: _pack(item, arrays, depth + 1) for key, item in value.items()}}
    if kind in _FIELDS:
        packed = {name: _pack(getattr(value, name), arrays, depth + 1) for name in _FIELDS[kind]}
        return {"is": kind.__name__, "of": packed}
    return _pack(Opaque(kind.__name__), arrays, depth)


def _store(array: np.ndarray, arrays: dict[str, np.ndarray]) -> str:
    key = str(len(arrays))
    arrays[key] = array
    return key


class _Unpacker:
    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        self.arrays, self.nodes = arrays, 0

    def unpack(self, tree: Any, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > 2 * MAX_DEPTH:
            raise ValueError("too many parts, or nested too deeply")
        if tree is None or type(tree) in (bool, int, float):
            return tree
        if type(tree) is str:
            return tree[:MAX_TEXT]
        if type(tree) is list:
            return [self.unpack(item, depth + 1) for item in tree]
        return self._tagged(tree, depth)

    def _tagged(self, tree: dict, depth: int) -> Any:
        match tree:
            case {"float": "nan" | "inf" | "-inf" as text}:
                return float(text)
            case {"int": str(text)} if len(text) < 4000:
                return int(text)
            case {"array": str(key), "shape": list(shape), "scalar": True} if shape == []:
                return self.arrays[key].reshape(())[()]
            case {"array": str(key), "shape": list(shape)}:
                return self.arrays[key].reshape(shape)
            case {"tuple": list(items)}:
                return tuple(self.unpack(item, depth + 1) for item in items)
            case {"dict": dict(items)}:
                return {key: self.unpack(item, depth + 1) for key, item in items.items()}
            case {"is": str(name), "of": dict(fields)}:
                return self._object(_CLASSES[name], fields, depth)
        raise ValueError(f"unknown tag among {sorted(tree)[:5]}")

    def _object(self, cls: type, fields: dict, depth: int) -> Any:
        expected = _FIELDS[cls]
        if fields.keys() != expected.keys():
            raise ValueError(f"wrong fields for {cls.__name__}")
        values = {name: self.unpack(item, depth + 1) for name, item in fields.items()}
        for name, fits in expected.items():
            if not fits(values[name]):
                raise ValueError(f"{cls.__name__}.{name} is a {type(values[name]).__name__}")
        if cls is Tensor and values["data"] is not None and values["data"].shape != values["shape"]:
            raise ValueError("a Tensor's shape is not that of its data")
        return cls(**values)


def _fitting(hint: Any) -> Fits:
    """Return what tells whether decoded data fits a field's annotation."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return lambda value: True
    if origin in (types.UnionType, typing.Union):
        options = [_fitting(option) for option in inner]
        return lambda value: any(fits(value) for fits in options)
    if origin is tuple and inner[-1] is Ellipsis:
        each = _fitting(inner[0])
        return lambda value: type(value) is tuple and all(map(each, value))
    if origin is tuple:
        parts = [_fitting(part) for part in inner]
        return lambda value: (
            type(value) is tuple
            and len(value) == len(parts)
            and all(fits(item) for fits, item in zip(parts, value, strict=True))
        )
    if origin is Mapping:
        return lambda value: type(value) is dict
    kinds = (int, float) if hint is float else hint
    return lambda value: isinstance(value, kinds)


_FIELDS: dict[type, dict[str, Fits]] = {
    cls: {name: _fitting(hint) for name, hint in typing.get_type_hints(cls).items()}
    for cls in _CLASSES.values()
}
