"""What a question withholds does not exist where it is judged, whichever way is tried."""

import sys
from collections.abc import Iterator

import pytest

from rnn_course.checks.coursework import Question
from rnn_course.checks.question import compare
from rnn_course.checks.withheld import AUTOGRAD, GONE, NO_GRADIENTS, RECURRENT, asks_for_gradients
from rnn_course.errors import AuthoringError
from rnn_course.grading.host.kernel_client import KernelClient, running_kernel
from rnn_course.grading.host.unconfined import UnconfinedLauncher
from rnn_course.grading.protocol.limits import Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall needs Linux")

PREPARED = """
import gc, threading, torch, warnings
from torch import nn
from torch.fx.experimental.proxy_tensor import make_fx
warnings.simplefilter("ignore")
x, h = torch.ones(2, 3), torch.zeros(2, 4)
cell = nn.LSTMCell(3, 4)
weights = [cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh]
whole = (x[None], [h[None], h[None]], weights, True, 1, 0.0, False, False, False)
aten, keys = torch.ops.aten, torch._C.DispatchKey
def fails(way):
    try:
        way()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "it works"
def in_a_thread(way):
    said = []
    thread = threading.Thread(target=lambda: said.append(fails(way)))
    thread.start()
    thread.join()
    raise RuntimeError(said[0])
def put_over():
    library = torch.library.Library("aten", "IMPL")
    call = aten.lstm_cell.default
    for key in ("CPU", "AutogradCPU"):
        deep = lambda *a: call._op_dk(keys.CompositeImplicitAutograd, *a)
        library.impl(call, deep, key, allow_override=True)
    return cell(x)
def of_the_collector():
    for found in gc.get_objects():
        if type(found).__name__ in ("Library", "DispatchModule", "_DispatchModule"):
            getattr(found, "reset", getattr(found, "_destroy", None))()
    return cell(x)
def loss(x):
    return (torch.tanh(x) ** 2).sum()
row = torch.ones(3, requires_grad=True)
right = 2 * torch.tanh(row.detach()) * (1 - torch.tanh(row.detach()) ** 2)
def differs(way):
    return f"it works: {torch.allclose(way(), right)}"
engine = torch.autograd.Variable._execution_engine
"""

RECURRENT_WAYS = {
    "LSTMCell": "cell(x)",
    "GRUCell": "nn.GRUCell(3, 4)(x)",
    "RNNCell": "nn.RNNCell(3, 4)(x)",
    "LSTM": "nn.LSTM(3, 4)(x)",
    "GRU": "nn.GRU(3, 4)(x)",
    "RNN": "nn.RNN(3, 4)(x)",
    "ops": "aten.lstm.input(*whole)",
    "decompose": "aten.lstm.input.decompose(*whole)",
    "op_dk": "aten.lstm.input._op_dk(keys.CompositeImplicitAutograd, *whole)",
    "op_dk cell": "aten.lstm_cell.default._op_dk(keys.CPU, x, (h, h), *weights)",
    "jit": "torch._C._jit_get_operation('aten::lstm_cell')[0](x, (h, h), *weights)",
    "VF": "torch._VF.lstm_cell(x, (h, h), *weights)",
    "make_fx": "make_fx(cell)(x)",
    "make_fx symbolic": "make_fx(cell, tracing_mode='symbolic')(x)",
    "script": "torch.jit.script(cell)(x)",
    "trace": "torch.jit.trace(cell, (x,))",
    "compile": "torch.compile(cell, backend='eager')(x)",
    "export": "torch.export.export(cell, (x,))",
    "functionalize": "torch.func.functionalize(cell)(x)",
    "inference": "torch.inference_mode()(cell)(x)",
    "autocast": "torch.autocast('cpu')(cell)(x)",
    "thread": "in_a_thread(lambda: cell(x))",
    "library": "put_over()",
    "handles": "of_the_collector()",
    "decompositions": "torch._decomp.decompositions.lstm_impl(*whole)",
    "layer": "torch._decomp.decompositions.one_layer_lstm(x, (h, h), weights, True)",
    "table": "torch._decomp.decomposition_table[aten.lstm.input](*whole)",
    "step": "torch._decomp.decompositions.lstm_cell(x, h, h, weights[1], weights[3], None, 0)",
    "quantizable": "torch.ao.nn.quantizable.LSTMCell(3, 4)(x)",
    "quantizable layer": "torch.ao.nn.quantizable.LSTM(3, 4)(x[None])",
    "dynamic": "torch.ao.nn.quantized.dynamic.LSTMCell(3, 4)(x)",
}

GRADIENT_WAYS = {
    "backward": "loss(row).backward()",
    "grad": "torch.autograd.grad(loss(row), row)",
    "thread": "in_a_thread(lambda: torch.autograd.grad(loss(row), row))",
    "engine": (
        "engine.run_backward((loss(row),), (torch.tensor(1.0),), False, False, (row,), "
        "allow_unreachable=True, accumulate_grad=False)"
    ),
    "script": "torch.autograd.grad(torch.jit.script(loss)(row), row)",
    "compile": "torch.autograd.grad(torch.compile(loss, backend='eager')(row), row)",
    "checkpoint": "torch.utils.checkpoint.checkpoint(loss, row, use_reentrant=True).backward()",
}

TRANSFORMS = {
    "func.grad": "torch.func.grad(loss)(row.detach())",
    "jacrev": "torch.func.jacrev(loss)(row.detach())",
    "jacfwd": "torch.func.jacfwd(loss)(row.detach())",
    "jacobian": "torch.autograd.functional.jacobian(loss, row.detach())",
    "make_fx": "make_fx(torch.func.grad(loss))(row.detach())(row.detach())",
}

_IN_A_FORK = "import os\nos.fork()"


def _kernel(without: str) -> Iterator[KernelClient]:
    with running_kernel(limits=Limits(cell_seconds=60), without=[without]) as kernel:
        done = kernel.run(PREPARED)
        assert done.status == "ok", done
        yield kernel


@pytest.fixture(scope="module")
def no_layers() -> Iterator[KernelClient]:
    yield from _kernel(RECURRENT)


@pytest.fixture(scope="module")
def no_gradients() -> Iterator[KernelClient]:
    yield from _kernel(AUTOGRAD)


def said(kernel: KernelClient, expression: str) -> str:
    done = kernel.run(f"print({expression})")
    assert done.status == "ok", done
    return "".join(output.get("text", "") for output in done.outputs)


@pytest.mark.parametrize("way", RECURRENT_WAYS.values(), ids=RECURRENT_WAYS)
def test_torchs_recurrent_layers_are_gone(no_layers: KernelClient, way: str) -> None:
    assert GONE in said(no_layers, f"fails(lambda: {way})")


@pytest.mark.parametrize("way", GRADIENT_WAYS.values(), ids=GRADIENT_WAYS)
def test_torch_differentiates_nothing(no_gradients: KernelClient, way: str) -> None:
    assert asks_for_gradients(said(no_gradients, f"fails(lambda: {way})"))


@pytest.mark.parametrize("way", TRANSFORMS.values(), ids=TRANSFORMS)
def test_torchs_transforms_say_so_rather_than_that_all_is_zero(
    no_gradients: KernelClient, way: str
) -> None:
    assert NO_GRADIENTS in said(no_gradients, f"fails(lambda: {way})")


def test_all_those_ways_work_where_nothing_is_withheld() -> None:
    with running_kernel(limits=Limits(cell_seconds=60)) as kernel:
        kernel.run(PREPARED)
        for name in ("LSTMCell", "decompose", "op_dk", "make_fx", "quantizable", "table"):
            assert said(kernel, f"fails(lambda: {RECURRENT_WAYS[name]})") == "it works\n"
        for way in GRADIENT_WAYS.values():
            assert not asks_for_gradients(said(kernel, f"fails(lambda: {way})"))
        for way in TRANSFORMS.values():
            assert said(kernel, f"differs(lambda: {way})") == "it works: True\n"


def test_what_is_not_withheld_is_as_ever(
    no_layers: KernelClient, no_gradients: KernelClient
) -> None:
    gradient = "torch.allclose(torch.autograd.grad(loss(row), row)[0], right)"
    assert said(no_layers, gradient) == "True\n"
    assert said(no_layers, "nn.TransformerEncoderLayer(4, 2)(torch.ones(2, 3, 4)).shape")
    assert said(no_gradients, "cell(x)[0].shape, nn.LSTM(3, 4)(x)[0].shape")
    assert said(no_gradients, "torch.allclose(torch.sin(row), torch.tensor(0.841471))") == "True\n"


def test_what_is_compiled_runs_as_it_is_since_no_compiler_can_be_started() -> None:
    made = "import torch\nmade = torch.compile(torch.nn.Linear(3, 2))"
    with running_kernel(without=[RECURRENT]) as kernel:
        assert kernel.run(made).status == "ok"
        assert said(kernel, "made(torch.ones(2, 3)).shape") == "torch.Size([2, 2])\n"


@pytest.mark.parametrize(
    ("asks", "missed"),
    [
        ("x = torch.ones(2)", False),
        ("cell.weight_ih.sum().backward()", False),
        ("fails(lambda: cell(x))", True),
        ("fails(lambda: torch._decomp.decompositions.lstm_impl(*whole))", True),
        (f"{_IN_A_FORK} or (fails(lambda: cell(x)), os._exit(0))\nos.wait()", True),
    ],
)  # fmt: skip
def test_it_is_told_whether_anything_was_missed(asks: str, missed: bool) -> None:
    with running_kernel(limits=Limits(cell_seconds=60), without=[RECURRENT]) as kernel:
        kernel.run(PREPARED)
        assert not kernel.missed()
        assert kernel.run(asks).status == "ok"
        assert kernel.missed() == missed


@pytest.mark.parametrize("kernel", ["no_layers", "no_gradients"])
def test_no_program_is_started(kernel: str, request: pytest.FixtureRequest) -> None:
    running = request.getfixturevalue(kernel)
    tried = "__import__('subprocess').run(['/bin/true'])"
    assert said(running, f"fails(lambda: {tried})").startswith("PermissionError")


def test_the_source_of_what_is_gone_is_covered(no_layers: KernelClient) -> None:
    read = "len(open(torch._decomp.decompositions.__file__).read())"
    assert said(no_layers, read) == "0\n"
    with running_kernel() as kernel:
        assert int(said(kernel, f"(torch := __import__('torch')) and {read}")) > 1000


@pytest.mark.slow
def test_without_a_wall_it_is_gone_as_well() -> None:
    limits = Limits(cell_seconds=60)
    kernel = KernelClient(UnconfinedLauncher().start_kernel(limits, {}, [RECURRENT]), limits)
    try:
        kernel.run(PREPARED)
        assert GONE in said(kernel, "fails(lambda: cell(x))")
    finally:
        kernel.close()


def test_a_question_withholds_what_is_known() -> None:
    assert Question("q", "Q", ()).without == frozenset()
    assert Question("q", "Q", (), without="recurrent").without == {RECURRENT}
    derived = compare("q", "Q", cases=lambda rng: iter(()), parts=(), without="autograd")
    assert derived.without == {AUTOGRAD}
    with pytest.raises(AuthoringError) as error:
        Question("q", "Q", (), without=frozenset({"attention"}))
    assert str(error.value) == (
        "Expected in `without` of the question q some of 'recurrent', 'autograd'. Got 'attention'. "
        "Withhold one of those, or nothing."
    )
