"""What a cell costs: torch's layers and the model answer's own LSTMs, side by side in one run.

The hand-written ones are taken from the model answer in coursework 4's notebook.
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import torch
from torch import nn

NOTEBOOK = "solutions/cw4_lstm_applications/lstm_applications.ipynb"
_BATCH, _STEPS, _ROUNDS = 32, 50, 9


def run() -> list[dict]:
    """Measure on one thread: processor time of training calls, the median of nine rounds.

    Returns:
        Rows with what, value, unit, bar (the largest value that is promised, or None) and met.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        own, fused = _hand_written()
        small = {kind: _layer(getattr(nn, kind), 64) for kind in ("RNN", "GRU", "LSTM")}
        large = {"LSTM": _layer(nn.LSTM, 256), "own": _layer(own, 256), "fused": _layer(fused, 256)}
        times_small, times_large = _times(small, 64), _times(large, 256)
    finally:
        torch.set_num_threads(threads)
    steps = [
        _row(f"training nn.{kind}, H 64, a step", 1e6 * seconds / _STEPS, "µs")
        for kind, seconds in times_small.items()
    ]
    base = times_large["LSTM"]
    return [
        *steps,
        _row("fused LSTM by hand against nn.LSTM, training, H 256", times_large["fused"] / base,
             "times as long", 2.2),
        _row("LSTM of 8 Linears against nn.LSTM, training, H 256", times_large["own"] / base,
             "times as long"),
    ]  # fmt: skip


def _hand_written() -> tuple[type[nn.Module], type[nn.Module]]:
    """Return the classes OwnLSTM and FusedLSTM of the model answer."""
    notebook = nbformat.read(Path(__file__).parents[1] / NOTEBOOK, as_version=4)
    source = next(cell.source for cell in notebook.cells if cell.id == "cost")
    scope = {"nn": nn, "torch": torch, "time": time, "statistics": statistics}
    exec(source, scope)
    return scope["OwnLSTM"], scope["FusedLSTM"]


def _layer(make: Callable[..., nn.Module], size: int) -> nn.Module:
    torch.manual_seed(0)
    torch_layer = make in (nn.RNN, nn.GRU, nn.LSTM)
    return make(size, size, batch_first=True) if torch_layer else make(size, size)


def _times(layers: dict[str, nn.Module], size: int) -> dict[str, float]:
    """Go round the layers several times, so that a busy moment hits all of them alike."""
    x = torch.randn(_BATCH, _STEPS, size)
    rounds = [{name: _train(layer, x) for name, layer in layers.items()} for _ in range(_ROUNDS)]
    return {name: statistics.median(r[name] for r in rounds[1:]) for name in layers}


def _train(layer: nn.Module, x: torch.Tensor) -> float:
    start = time.process_time()
    output, _ = layer(x)
    output.sum().backward()
    return time.process_time() - start


def _row(what: str, value: float, unit: str, bar: float | None = None) -> dict:
    met = None if bar is None else value <= bar
    return {"what": what, "value": round(value, 2), "unit": unit, "bar": bar, "met": met}
