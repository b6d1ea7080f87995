import json
import struct

import numpy as np
import pytest
from safetensors.numpy import save

from rnn_course.checks import wire
from rnn_course.checks.requests import Build, Outcome, Pass, Run
from rnn_course.checks.values import Opaque, Raised, Tensor
from rnn_course.checks.wire import decode, encode
from rnn_course.errors import ObservationError


def message(tree: object, **arrays: np.ndarray) -> bytes:
    return written(json.dumps(tree), **arrays)


def written(text: str, **arrays: np.ndarray) -> bytes:
    return save({"tree": np.frombuffer(text.encode(), np.uint8), **arrays})


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 3, -1.5, "text", [1, [2, ()]], (1, (2,)), {"a": {"b": None}}),
        *(2**80, float("inf"), Raised("ValueError", "text", "line"), Opaque("Thing")),
        Run(Build("Cell", (2, 3), {"bias": False}), (Pass((None,), unroll=True),)),
    ],
)
def test_data_survive_the_way_there_and_back(value: object) -> None:
    assert decode(encode(value)) == value


def test_nan_survives() -> None:
    assert np.isnan(decode(encode(float("nan"))))


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "int32", "bool", "uint8"])
def test_arrays_keep_shape_type_and_numbers(dtype: str) -> None:
    array = (np.arange(6).reshape(2, 3) % 2).astype(dtype)
    back = decode(encode({"a": array.T, "empty": np.zeros((0, 3), dtype)}))
    assert back["a"].dtype == array.dtype
    assert np.array_equal(back["a"], array.T)
    assert back["empty"].shape == (0, 3)


def test_arrays_of_one_type_do_not_mix() -> None:
    sent = [np.arange(n, dtype=float).reshape(shape) for n, shape in ((6, (2, 3)), (1, ()), (2, 2))]
    back = decode(encode({"a": sent, "b": np.int64(7), "c": np.arange(3)}))
    assert [array.tolist() for array in back["a"]] == [array.tolist() for array in sent]
    assert (back["b"], back["c"].tolist()) == (7, [0, 1, 2])


def test_what_has_its_default_is_not_sent() -> None:
    short, long = Pass((1.0,)), Pass((1.0,), training=True, method="step")
    assert len(encode(short)) < len(encode(long)) - 30
    assert decode(encode([short, long])) == [short, long]


def test_numpy_scalars_stay_scalars() -> None:
    back = decode(encode(np.float32(1.5)))
    assert isinstance(back, np.float32)
    assert back == np.float32(1.5)


@pytest.mark.parametrize("value", [object(), {1: 2}, {1, 2}, 1j, np.array(["text"]), lambda: 0])
def test_what_is_not_data_becomes_opaque(value: object) -> None:
    assert isinstance(decode(encode([value]))[0], Opaque)


def test_a_list_that_contains_itself_ends() -> None:
    value: list = []
    value.append(value)
    assert "Opaque" in repr(decode(encode(value)))


def test_subclasses_of_plain_types_do_not_cross() -> None:
    class Sly(str):
        __slots__ = ()

    assert decode(encode(Sly("text"))) == Opaque("Sly")


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"\x80\x04\x95pickle",
        struct.pack("<Q", 2**60) + b"{}",
        struct.pack("<Q", 2) + b"{}",
        message({"is": "Popen", "of": {}}),
        message({"is": "Outcome", "of": {"worth": 1}}),
        message({"is": "Raised", "of": {"type": "ValueError"}}),
        save({str(n): np.zeros(0) for n in range(200)}),
        message({"is": "Raised", "of": {"type": 3, "text": "", "line": ""}}),
        message({"array": ["missing", 0, 2]}),
        message({"array": ["float64", 0, -1, 10**9]}, float64=np.zeros(3)),
        message({"array": ["float64", 0, "a"]}, float64=np.zeros(3)),
        message({"array": ["float64", -3, 3]}, float64=np.zeros(3)),
        message({"array": ["float64", 1, 3]}, float64=np.zeros(3)),
        message({"array": ["float64", 0, -1, -3]}, float64=np.zeros(3)),
        message({"array": ["float64"]}, float64=np.zeros(3)),
        message({"scalar": ["float64", 3]}, float64=np.zeros(3)),
        message({"int": "9" * 10**6}),
        message({"tuple": 3}),
        message({"unknown": 1}),
        message([0] * (wire.MAX_NODES + 1)),
        message(json.loads("[" * 200 + "]" * 200)),
        written("[" * 10**5),
        save({}, metadata={"tree": "1"}),
        save({"0": np.zeros(2)}),
    ],
    ids=range(25),
)
def test_a_hostile_message_is_refused(hostile: bytes) -> None:
    with pytest.raises(ObservationError, match="Expected an observation of at most 256 MiB"):
        decode(hostile)


@pytest.mark.parametrize("shape", [[2**63], [-(2**70)], [10**30, 0]])
def test_a_shape_that_no_machine_has_is_refused(shape: list[int]) -> None:
    tree = {"array": ["float64", 0, *shape]}
    with pytest.raises(ObservationError, match=r"Got (Overflow|Value)Error"):
        decode(message(tree, float64=np.zeros(3)))


def test_a_structure_that_would_grow_in_memory_is_refused_unread() -> None:
    text = "[" + "[]," * (wire.MAX_TREE // 3) + "[]]"
    with pytest.raises(ObservationError, match=r"Got a structure of \d{8} bytes"):
        decode(written(text))


def test_a_message_over_the_limit_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_BYTES", 100)
    with pytest.raises(ObservationError, match=r"Got \d+ bytes"):
        decode(encode("x" * 80))


def test_a_tensor_cannot_claim_a_shape_it_has_not() -> None:
    honest = encode(Tensor.of(np.zeros((2, 2))))
    with pytest.raises(ObservationError, match="shape is not that of its data"):
        decode(encode(Tensor(np.zeros(4), (9, 9))))
    assert decode(honest).shape == (2, 2)


def test_an_outcome_survives_with_everything_in_it() -> None:
    outcome = Outcome({"x": (Tensor.of(np.ones(2)),)}, None, {"inputs": [None]}, ("0",), "hi")
    back = decode(encode(outcome))
    assert back.printed == "hi"
    assert np.array_equal(back.value["x"][0].data, np.ones(2))
