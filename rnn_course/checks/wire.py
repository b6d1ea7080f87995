"""Bytes that carry requests and observations across the wall, and nothing but data.

A message is one safetensors file. Its tensor ``tree`` is the structure as JSON; all numbers of a
type stand one after another in a tensor named after it, and an array in the tree says where it
begins and its shape. Fields that have their default are left out.
Decoding builds only the value classes listed in `requests.CROSSING` and `values`; sizes, counts
and nesting are checked before anything is built, so a hostile message costs an
`ObservationError` and no more.

References:
    safetensors format: https://huggingface.co/docs/safetensors
"""

import dataclasses
import json
import math
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from rnn_course.checks.requests import CROSSING
from rnn_course.checks.values import Opaque, Rng, Tensor
from rnn_course.errors import ObservationError

MAX_BYTES = 256 * 2**20
MAX_HEADER = 10_000
MAX_TREE = 32 * 2**20
MAX_NODES = 200_000
MAX_DEPTH = 40
MAX_TEXT = 100_000

_CLASSES = {cls.__name__: cls for cls in (*CROSSING, Tensor, Rng)}
_ARRAY_KINDS = "fiub"
_COMPARABLE = (bool, int, float, str, tuple, dict)
_TREE = "tree"
_MALFORMED = (
    SafetensorError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    OverflowError,
    MemoryError,
)

Fits = Callable[[Any], bool]


def encode(value: Any) -> bytes:
    """Turn a request or an observation into bytes; what is not data becomes `Opaque`."""
    packer = _Packer()
    tree = json.dumps(packer.pack(value, 0), separators=(",", ":")).encode()
    numbers = {name: np.concatenate(parts) for name, parts in packer.parts.items()}
    return save_tensors({_TREE: np.frombuffer(tree, np.uint8), **numbers})


def decode(message: bytes) -> Any:
    """Turn bytes back into data.

    Raises:
        ObservationError: the message is too large, too deep, or not one of ours.
    """
    if len(message) > MAX_BYTES:
        raise _malformed(f"{len(message)} bytes")
    if int.from_bytes(message[:8], "little") > MAX_HEADER:
        raise _malformed("a header that lists too much")
    try:
        numbers = load_tensors(message)
        tree = numbers.pop(_TREE)
        if tree.nbytes > MAX_TREE:  # JSON grows twentyfold when it is read
            raise _malformed(f"a structure of {tree.nbytes} bytes")
        return _Unpacker(numbers).unpack(json.loads(tree.tobytes()), 0)
    except _MALFORMED as e:
        raise _malformed(f"{type(e).__name__}: {str(e)[:200]}") from e


def _malformed(came: str) -> ObservationError:
    return ObservationError(
        f"an observation of at most {MAX_BYTES >> 20} MiB and {MAX_NODES} parts",
        came,
        "The student's code returned something enormous, or tampered with the observation.",
    )


class _Packer:
    def __init__(self) -> None:
        self.parts: dict[str, list[np.ndarray]] = {}
        self._lengths: dict[str, int] = {}

    def pack(self, value: Any, depth: int) -> Any:
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
            return {"array": [*self._store(value), *value.shape]}
        if isinstance(value, np.generic) and value.dtype.kind in _ARRAY_KINDS:
            return {"scalar": self._store(np.asarray(value))}
        depth += 1
        if kind is list:
            return [self.pack(item, depth) for item in value]
        if kind is tuple:
            return {"tuple": [self.pack(item, depth) for item in value]}
        if kind is dict and all(type(key) is str for key in value):
            return {"dict": {key: self.pack(item, depth) for key, item in value.items()}}
        if kind in _FIELDS:
            given = ((name, getattr(value, name)) for name in _FIELDS[kind])
            usual = _DEFAULTS[kind]
            packed = {
                name: self.pack(item, depth)
                for name, item in given
                if name not in usual or not _same(item, usual[name])
            }
            return {"is": kind.__name__, "of": packed}
        return self.pack(Opaque(kind.__name__), depth - 1)

    def _store(self, array: np.ndarray) -> tuple[str, int]:
        """Append an array's numbers to those of their type; return where they begin."""
        name = _name(array.dtype)
        start = self._lengths.get(name, 0)
        self.parts.setdefault(name, []).append(array.astype(name, copy=False).ravel())
        self._lengths[name] = start + array.size
        return name, start


@cache
def _name(dtype: np.dtype) -> str:
    return dtype.name  # NumPy makes it anew each time


def _same(value: Any, default: Any) -> bool:
    if value is default:
        return True
    return type(value) is type(default) and type(value) in _COMPARABLE and value == default


class _Unpacker:
    def __init__(self, numbers: dict[str, np.ndarray]) -> None:
        self._numbers, self.nodes = numbers, 0

    def unpack(self, tree: Any, depth: int) -> Any:
        self._count(1, depth)
        kind = type(tree)
        if kind is str:
            return tree[:MAX_TEXT]
        if kind is dict:
            return self._tagged(tree, depth)
        return self._items(tree, depth) if kind is list else tree

    def _count(self, parts: int, depth: int) -> None:
        self.nodes += parts
        if self.nodes > MAX_NODES or depth > 2 * MAX_DEPTH:
            raise ValueError("too many parts, or nested too deeply")

    def _items(self, items: list, depth: int) -> list:
        """Unpack the items of a list or a tuple; a row of short names or sizes all at once."""
        if all(type(item) is int or (type(item) is str and len(item) < 99) for item in items):
            self._count(len(items), depth)
            return items
        return [self.unpack(item, depth + 1) for item in items]

    def _tagged(self, tree: dict, depth: int) -> Any:
        items = tree.get("tuple")
        if type(items) is list:  # more than half of all
            return tuple(self._items(items, depth))
        match tree:
            case {"is": str(name), "of": dict(fields)}:
                return self._object(_CLASSES[name], fields, depth)
            case {"array": [str(name), int(start), *shape]}:
                return self._array(name, start, shape)
            case {"dict": dict(items)}:
                return {key: self.unpack(item, depth + 1) for key, item in items.items()}
            case {"float": "nan" | "inf" | "-inf" as text}:
                return float(text)
            case {"int": str(text)} if len(text) < 4000:
                return int(text)
            case {"scalar": [str(name), int(start)]}:
                return self._array(name, start, [])[()]
        raise ValueError(f"unknown tag among {sorted(tree)[:5]}")

    def _array(self, name: str, start: int, shape: list) -> np.ndarray:
        if start < 0 or not all(type(n) is int and n >= 0 for n in shape):
            raise ValueError(f"no shape of an array: {shape[:5]}")
        return self._numbers[name][start : start + math.prod(shape)].reshape(shape)

    def _object(self, cls: type, fields: dict, depth: int) -> Any:
        expected, usual = _FIELDS[cls], _DEFAULTS[cls]
        if not expected.keys() - usual.keys() <= fields.keys() <= expected.keys():
            raise ValueError(f"wrong fields for {cls.__name__}")
        values = {name: self.unpack(item, depth + 1) for name, item in fields.items()}
        for name, value in values.items():
            if not expected[name](value):
                raise ValueError(f"{cls.__name__}.{name} is a {type(value).__name__}")
        made = cls(**values)
        if cls is Tensor and made.data is not None and made.data.shape != made.shape:
            raise ValueError("a Tensor's shape is not that of its data")
        return made


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

_DEFAULTS: dict[type, dict[str, Any]] = {
    cls: {
        f.name: f.default if f.default_factory is dataclasses.MISSING else f.default_factory()
        for f in dataclasses.fields(cls)
        if (f.default, f.default_factory) != (dataclasses.MISSING,) * 2
    }
    for cls in _CLASSES.values()
}
