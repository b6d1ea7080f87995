"""What a cell costs: parameters and operations by formula, and the time of a call."""

from collections.abc import Iterator

import numpy as np

from rnn_course.checks.cases import Case
from rnn_course.checks.question import Mistake, Part, compare
from rnn_course.checks.requests import Build, Call, Fetch
from rnn_course.checks.values import Ref, Tensor

_GIVEN = "rnn_course.courseworks.cw4_lstm_applications.stand_ins"
_CELLS = ("RNN", "GRU", "LSTM")
_FUNCTIONS = ("count_parameters", "flops_per_step")
_FIRST, _BACK = 0.6, 0.05


def _counts(rng: np.random.Generator) -> Iterator[Case]:
    drawn = tuple(int(n) for n in rng.choice(np.arange(7, 90), 2, False))
    for cell in _CELLS:
        for D, H in ((3, 5), drawn):
            steps = {
                "parameters": Call("count_parameters", (cell, D, H)),
                "operations": Call("flops_per_step", (cell, D, H)),
            }
            yield Case(f"{cell}, D = {D}, H = {H}", steps, cell)
    for name, function in zip(("parameters", "operations"), _FUNCTIONS, strict=True):
        for cell in ("LTSM", "CNN"):
            step = {f"unknown {name}": Call(function, (cell, 3, 4))}
            yield Case(f"cell={cell!r}", step, "unknown")


def _times(rng: np.random.Generator, count: int) -> list[float]:
    """Draw times of calls (s) whose median is far from mean, least, largest, first and last.

    Where their number is even, both in the middle are the same, so that any median is right.
    """
    below, above = (count - 1) // 2, (count - 1) // 2
    low = 0.01 + 0.001 * rng.permutation(40)[:below]
    high = 0.3 + 0.01 * rng.permutation(40)[:above]
    middle = [0.07] * (count - below - above)
    inner = rng.permutation([*low[1:], *high[1:], *middle])
    return [round(float(t), 3) for t in (high[0], *inner, low[0])]


def _timed(rng: np.random.Generator, training: bool, repeats: int | None) -> Case:
    x = Tensor.of(np.round(rng.normal(size=(2, 3, 4)), 2).astype(np.float32))
    times = _times(rng, repeats or 20)
    given = () if repeats is None else (repeats,)
    steps = {
        "layer": Build("Stopwatch", (_FIRST, times, _BACK), dtype="float32", given=_GIVEN),
        "function": Fetch("seconds_per_call"),
        "timed": Call(Ref("layer"), (Ref("function"), x, training, *given), method="timed"),
    }
    count = "without repeats" if repeats is None else f"repeats={repeats}"
    return Case(f"training={training}, {count}", steps, "training" if training else "inference")


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Counts of every cell, cells that do not exist, and a layer whose calls take a known time."""
    yield from _counts(rng)
    for training in (False, True):
        for repeats in (5, 3, None):
            yield _timed(rng, training, repeats)


PARAMETERS = "return GATES[cell] * (hidden_size * (input_size + hidden_size) + 2 * hidden_size)"
OPERATIONS = "return 2 * GATES[cell] * hidden_size * (input_size + hidden_size)"
UNKNOWN = "raise ValueError(f\"cell is one of {', '.join(GATES)}, not {cell!r}\")\n    "
WARM_UP = "    call()\n    seconds = []"
COUNT = "range(repeats)"
TIMED = "        call()\n        seconds.append(time.perf_counter() - start)"
MEDIAN = "return statistics.median(seconds)"
GRADIENTS = "torch.set_grad_enabled(training)"
BACKWARD = "output.sum().backward()"
WEIGHTS, WIDE = "hidden_size * (input_size + hidden_size)", "(input_size + hidden_size)"


def _parameters(*others: str) -> tuple:
    return tuple((PARAMETERS, f"return {other}") for other in others)


def _operations(*others: str) -> tuple:
    return tuple((OPERATIONS, f"return {other}") for other in others)


def _returned(*others: str) -> tuple:
    return tuple((MEDIAN, f"return {other}") for other in others)


def _unknown(*others: str) -> tuple:
    """Ways to treat a cell that does not exist, in each function."""
    formulas = (PARAMETERS, OPERATIONS)
    return tuple((UNKNOWN + f, f"{other}\n    {f}") for other in others for f in formulas)


def _gates(**gates: int) -> tuple:
    """Ways to count other gates, in each function."""
    table = f"{ {'RNN': 1, 'GRU': 3, 'LSTM': 4} | gates }[cell]"
    formulas = (PARAMETERS, OPERATIONS)
    return tuple((f, f.replace("GATES[cell]", table)) for f in formulas)


FASTER = "sorted(seconds)[: len(seconds) // 2 + {0}]"

MISTAKES = (
    Mistake(
        "one_bias",
        "One bias a gate is counted.",
        "torch keeps two: one with the input's matrix, one with the state's.",
        (*_parameters(f"GATES[cell] * ({WEIGHTS} + hidden_size)"),),
    ),
    Mistake(
        "no_bias",
        "The biases are not counted.",
        "Each gate has two vectors of H numbers.",
        (*_parameters(f"GATES[cell] * {WEIGHTS}", f"GATES[cell] * ({WEIGHTS} + 2)"),),
    ),
    Mistake(
        "gates_miscounted",
        "The number of blocks of weights is wrong.",
        "RNN 1, GRU 3 (reset, update, candidate), LSTM 4 (input, forget, candidate, output).",
        (*_gates(GRU=2), *_gates(LSTM=3), *_gates(GRU=4), *_gates(LSTM=5), *_gates(RNN=2),
         (UNKNOWN + PARAMETERS, f"pass\n    return {WEIGHTS} + 2 * hidden_size"),
         (UNKNOWN + OPERATIONS, f"pass\n    return 2 * {WEIGHTS}"),
         *_gates(GRU=2, LSTM=3), *_gates(GRU=4, LSTM=3), *_gates(GRU=1, LSTM=1)),
    ),
    Mistake(
        "no_recurrent_matrix",
        "The matrix of the state is not counted.",
        "Each gate has H × D weights for the input, and H × H for the state.",
        (*_parameters("GATES[cell] * (hidden_size * input_size + 2 * hidden_size)",
                      "GATES[cell] * (hidden_size * input_size + hidden_size)"),
         *_operations("2 * GATES[cell] * hidden_size * input_size",
                      "GATES[cell] * hidden_size * input_size")),
    ),
    Mistake(
        "no_input_matrix",
        "The matrix of the input is not counted.",
        "Each gate has H × D weights for the input, and H × H for the state.",
        (*_parameters("GATES[cell] * (hidden_size * hidden_size + 2 * hidden_size)",
                      "GATES[cell] * (hidden_size * hidden_size + hidden_size)"),
         *_operations("2 * GATES[cell] * hidden_size * hidden_size",
                      "GATES[cell] * hidden_size * hidden_size")),
    ),
    Mistake(
        "sizes_exchanged",
        "Inputs and hidden units are exchanged.",
        "Every matrix has H rows; the input's has D columns, the state's H.",
        (*_parameters(f"GATES[cell] * (input_size * {WIDE} + 2 * input_size)",
                      f"GATES[cell] * (input_size * {WIDE} + 2 * hidden_size)",
                      f"GATES[cell] * (input_size * {WIDE} + input_size)",
                      f"GATES[cell] * ({WEIGHTS} + input_size + hidden_size)",
                      f"GATES[cell] * ({WEIGHTS} + 2 * input_size)"),
         *_operations(f"2 * GATES[cell] * input_size * {WIDE}",
                      f"GATES[cell] * input_size * {WIDE}")),
    ),
    Mistake(
        "sizes_multiplied",
        "Inputs and hidden units are multiplied where they should be added.",
        "The matrices are H × D and H × H: together H · (D + H) weights, each used once.",
        (*_parameters("GATES[cell] * (hidden_size * input_size * hidden_size + 2 * hidden_size)"),
         *_operations("2 * GATES[cell] * hidden_size * input_size * hidden_size",
                      "GATES[cell] * hidden_size * input_size * hidden_size")),
    ),
    Mistake(
        "multiplications_only",
        "Multiplications are counted and additions are not.",
        "Each weight of a matrix costs a multiplication and an addition: two.",
        (*_operations(f"GATES[cell] * {WEIGHTS}"),),
    ),
    Mistake(
        "biases_in_flops",
        "More than the matrix products is counted.",
        "By our convention only matrices count: the rest grows with H, not with H².",
        (*_operations(*(f"2 * GATES[cell] * {WEIGHTS} + {n} * GATES[cell] * hidden_size"
                        for n in range(1, 11)),
                      *(f"2 * GATES[cell] * {WEIGHTS} + {n} * hidden_size"
                        for n in range(1, 11)),
                      f"GATES[cell] * ({WEIGHTS} + hidden_size)",
                      f"GATES[cell] * ({WEIGHTS} + 2 * hidden_size)"),),
    ),
    Mistake(
        "additions_counted_exactly",
        "A few additions less are counted than multiplications.",
        "By our convention each weight costs a multiplication and an addition: two.",
        (*_operations(f"GATES[cell] * (2 * {WEIGHTS} - hidden_size)",
                      f"GATES[cell] * (2 * {WEIGHTS} - 2 * hidden_size)"),),
    ),
    Mistake(
        "one_factor_off",
        "Every number is wrong by one and the same factor.",
        "Count one step of one sequence, and each weight of a matrix as two operations.",
        (*_operations(*(f"{n} * GATES[cell] * {WEIGHTS}" for n in (3, 4, 6, 8, 2000))),
         *_parameters(*(f"{n} * GATES[cell] * ({WEIGHTS} + 2 * hidden_size)" for n in (2, 4)))),
    ),
    Mistake(
        "not_a_whole_number",
        "The count is no whole number.",
        "Parameters and operations are counted: an int.",
        ((PARAMETERS, PARAMETERS.replace("return ", "return 1.0 * ")),
         (OPERATIONS, OPERATIONS.replace("return ", "return 1.0 * "))),
    ),
    Mistake(
        "unknown_kind_accepted",
        "A kind of cell that does not exist is taken without complaint.",
        "A spelling mistake should be found at once: raise ValueError.",
        _unknown("return 0"),
    ),
    Mistake(
        "other_exception",
        "A kind of cell that does not exist raises another exception than ValueError.",
        "Callers catch the kind of exception that was agreed on: raise ValueError.",
        _unknown(*(f"raise {error}(cell)" for error in
                   ("KeyError", "NameError", "TypeError", "Exception", "NotImplementedError",
                    "AssertionError", "UnboundLocalError", "RuntimeError"))),
    ),
    Mistake(
        "too_few_calls",
        "Fewer calls were measured than asked for.",
        "A single call is at the mercy of whatever else the machine does.",
        ((COUNT, "range(1)"), (COUNT, "range(repeats - 1)"), (COUNT, "range(2)"),
         (COUNT, "range(3)")),
    ),
    Mistake(
        "no_warm_up",
        "The first call is part of what is measured.",
        "It is slower than all others (memory, caches, code loaded): call once before the clock "
        "runs.",
        ((WARM_UP, "    seconds = []"),
         ((WARM_UP, "    seconds = []"), (COUNT, "range(repeats + 1)"))),
    ),
    Mistake(
        "repeats_ignored",
        "Other calls were measured than the number asked for.",
        "The argument repeats says how many calls the median is taken of.",
        (*((COUNT, f"range({n})") for n in (5, 10, 15, 20, 100)),
         (COUNT, "range(10 * repeats)"), (COUNT, "range(2 * repeats)"),
         ("repeats=20", "repeats=10"), ("repeats=20", "repeats=100")),
    ),
    Mistake(
        "gradients_in_inference",
        "Without training the layer was called with gradients on.",
        "Then torch keeps everything for a way back that is never gone: use torch.no_grad().",
        ((GRADIENTS, "torch.enable_grad()"),),
    ),
    Mistake(
        "backward_in_inference",
        "Without training a gradient was computed.",
        "Inference is the way forward only.",
        (((GRADIENTS, "torch.enable_grad()"), ("if training:", "if True:")),),
    ),
    Mistake(
        "training_reversed",
        "The way back is gone without training, and with training it is not.",
        "training=True stands for the way forward and back.",
        (((GRADIENTS, "torch.set_grad_enabled(not training)"),
          ("if training:", "if not training:")),),
    ),
    Mistake(
        "no_backward",
        "In training no gradient was computed.",
        "A training step goes forward and back: call .backward() on the sum of the output.",
        ((BACKWARD, "pass"),),
    ),
    Mistake(
        "not_the_sum",
        "In training the gradient is that of something else than the output's sum.",
        "The statement names the sum, so that times of different programs can be compared.",
        ((BACKWARD, "output.mean().backward()"),),
    ),
    Mistake(
        "backward_not_timed",
        "In training the way back is not measured.",
        "Stop the clock after backward().",
        ((TIMED, f"""        with {GRADIENTS}:
            output, _ = layer(x)
        seconds.append(time.perf_counter() - start)
        if training:
            output.sum().backward()"""),),
    ),
    Mistake(
        "forward_not_timed",
        "In training the way forward is not measured.",
        "Start the clock before layer(x): a call is the way forward and back.",
        ((TIMED, f"""        with {GRADIENTS}:
            output, _ = layer(x)
        if training:
            start = time.perf_counter()
            output.sum().backward()
        seconds.append(time.perf_counter() - start)"""),),
    ),
    Mistake(
        "not_the_median",
        "The time returned is not the median of the calls.",
        "A machine is interrupted now and then; the mean takes that in, the median does not. The "
        "least or the last of the times is a matter of luck.",
        _returned("sum(seconds) / len(seconds)", "min(seconds)", "max(seconds)", "seconds[-1]",
                  "seconds[0]",
                  f"statistics.mean({FASTER.format(1)})", f"statistics.mean({FASTER.format(0)})",
                  "statistics.mean(sorted(seconds)[1:-1])", "statistics.geometric_mean(seconds)",
                  "sorted(seconds)[len(seconds) // 4]", "seconds[len(seconds) // 2]"),
    ),
    Mistake(
        "total_not_per_call",
        "The time of all calls together is returned.",
        "Divide by the number of calls, or take the median of single ones.",
        (*_returned("sum(seconds)"),
         ((WARM_UP, "    seconds = [0.0]\n    start = time.perf_counter()\n    call()\n"
           "    seconds[0] = time.perf_counter() - start"), (MEDIAN, "return sum(seconds)"))),
    ),
    Mistake(
        "not_seconds",
        "The time is in another unit.",
        "Return seconds; turn them into milliseconds where you print.",
        _returned("1e3 * statistics.median(seconds)", "1e6 * statistics.median(seconds)",
                  "1e9 * statistics.median(seconds)", "statistics.median(seconds) / 60",
                  "1e3 * statistics.mean(seconds)"),
    ),
    Mistake(
        "clock_stands_still",
        "The time returned is zero.",
        "time.process_time() stands still while a program waits; take time.perf_counter(), and "
        "read it just before and just after the call.",
        _returned("0.0"),
    ),
    Mistake(
        "other_formula",
        "The count is not that of one matrix for the input and one for the state in each gate.",
        "Write the shapes down: H × D and H × H, and biases of H; then multiply by the gates.",
        where=("RNN",),
        spares=(),
    ),
    Mistake(
        "other_formula",
        "The count is not that of one matrix for the input and one for the state in each gate.",
        "Write the shapes down: H × D and H × H, and biases of H; then multiply by the gates.",
        where=("GRU",),
        spares=("RNN",),
    ),
    Mistake(
        "other_formula",
        "The count is not that of one matrix for the input and one for the state in each gate.",
        "Write the shapes down: H × D and H × H, and biases of H; then multiply by the gates.",
        where=("LSTM",),
        spares=("RNN", "GRU"),
    ),
    Mistake(
        "other_time",
        "The number returned is not the median of the calls that were asked for.",
        "Call once; then make `repeats` calls, read the clock just before and just after each, "
        "and return the median of the differences.",
        where=("inference", "training"),
        spares=(),
    ),
)  # fmt: skip

_SEEN = ("the calls=timed.calls", "the way back=timed.back")
_SECONDS = "the time=timed.seconds"

QUESTION = compare(
    "cost",
    "What a cell costs",
    cases=cases,
    signature={
        "count_parameters": ("cell", "input_size", "hidden_size"),
        "flops_per_step": ("cell", "input_size", "hidden_size"),
        "seconds_per_call": ("layer", "x", "training", "repeats"),
    },
    parts=(
        Part(
            "parameters",
            "count_parameters by formula, as torch counts",
            3,
            ("the count=parameters", "the count=parameters@kind", "unknown parameters@raised"),
            groups=(*_CELLS, "unknown"),
        ),
        Part(
            "flops",
            "flops_per_step by formula",
            3,
            ("the count=operations", "the count=operations@kind", "unknown operations@raised"),
            groups=(*_CELLS, "unknown"),
        ),
        Part(
            "inference",
            "seconds_per_call of the way forward",
            2,
            (*_SEEN, "a call with gradients=timed.gradients", _SECONDS),
            within=1e-6,
            groups=("inference",),
        ),
        Part(
            "training",
            "seconds_per_call of the way forward and back",
            2,
            (*_SEEN, "the gradient of the output's sum=timed.of_the_sum", _SECONDS),
            within=1e-6,
            groups=("training",),
        ),
    ),
    mistakes=MISTAKES,
    read="What a cell costs",
)
