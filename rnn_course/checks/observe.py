"""Asks a student's namespace and answers with data: one code for the notebook and the wall.

`perform` is total: whatever the student's code does short of ending the process, an answer
comes back and global state is as before.
"""

import ast
import contextlib
import importlib
import inspect
import linecache
import random
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from rnn_course.checks.convert import (
    Weights,
    gradients,
    live,
    load_parameters,
    recorded_calls,
    returned,
    same_data,
    snapshot,
    to_student,
)
from rnn_course.checks.requests import (
    Anatomy,
    Build,
    Call,
    Describe,
    Description,
    Fetch,
    Inspect,
    Load,
    Outcome,
    Pass,
    Program,
    Request,
    Run,
    StandIn,
    Train,
)
from rnn_course.checks.values import Opaque, Raised, Ref, map_leaves, plain
from rnn_course.checks.watch import Calm, Printed, Watch, isolated, unset_memory_shows

Namespace = Mapping[str, Any]


def perform(namespace: Namespace, request: Request) -> Any:
    """Answer a request about the objects in a namespace, with data only."""
    answer, fallback = _ANSWERS[type(request)]
    with isolated():
        try:
            return answer(namespace, request)
        except Exception as exception:  # an object of the student's that resists being looked at
            return fallback(_raised(exception))


# What is there


def _describe(namespace: Namespace, request: Describe) -> Description:
    if request.name not in namespace:
        return Description("missing")
    value = namespace[request.name]
    source = _source(value)
    if inspect.isclass(value):
        kind = "module" if issubclass(value, torch.nn.Module) else "class"
        bases = tuple(f"{base.__module__}.{base.__qualname__}" for base in value.__mro__[1:])
        return Description(kind, _signature(value.__init__)[1:], source, bases)  # without self
    if callable(value):
        return Description("function", _signature(value), source)
    return Description("value", value=returned(value))


def _source(value: Any) -> str:
    """Find the text of a definition; a class in a notebook is found through its methods."""
    with contextlib.suppress(Exception):
        if not inspect.isclass(value):
            return inspect.getsource(value)
        for member in vars(value).values():
            if not inspect.isfunction(member):
                continue
            cell = "".join(linecache.getlines(member.__code__.co_filename))
            for node in ast.walk(ast.parse(cell)):
                if isinstance(node, ast.ClassDef) and node.name == value.__name__:
                    return ast.get_source_segment(cell, node) or ""
    return ""


_STARS: Mapping[object, str] = {
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}


def _signature(function: Callable) -> tuple[tuple[str, str], ...]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ()
    empty = inspect.Parameter.empty
    return tuple(
        (
            _STARS.get(p.kind, "") + p.name,
            "" if p.default is empty else repr(p.default)[:200],
        )
        for p in parameters
    )


def _inspect(namespace: Namespace, request: Inspect) -> Anatomy | Raised:
    with unset_memory_shows():
        outcome, module = _attempt(lambda: _build(namespace, request.build))
    if outcome.error:
        return outcome.error
    if not isinstance(module, torch.nn.Module):
        return Raised("TypeError", f"{request.build.name} is not a torch.nn.Module")
    initial = {name: returned(p).data for name, p in module.named_parameters()}
    return replace(_anatomy(module), initial=initial)


def _anatomy(module: torch.nn.Module) -> Anatomy:
    described = [
        tuple((name, tuple(t.shape), str(t.dtype).removeprefix("torch.")) for name, t in named)
        for named in (module.named_parameters(), module.named_buffers())
    ]
    modules = tuple(f"{type(m).__module__}.{type(m).__qualname__}" for m in module.modules())
    return Anatomy(described[0], described[1], modules, {})


# Build and run


def _build(namespace: Namespace, build: Build, results: Sequence[Any] = ()) -> Any:
    scope = vars(importlib.import_module(build.given)) if build.given else namespace
    if build.name not in scope:
        raise NameError(f"name '{build.name}' is not defined")
    _seed(build.seed)
    args, kwargs = _live((build.args, dict(build.kwargs)), results, namespace)
    made = scope[build.name](*args, **kwargs)
    if isinstance(made, torch.nn.Module):
        if build.adopt:
            _adopt(made)
        made = made.to(dtype=getattr(torch, build.dtype), device=build.device)
    return made


def _adopt(module: torch.nn.Module) -> None:
    """Register the modules that a module keeps in plain lists, tuples and dicts."""
    for name, kept in list(vars(module).items()):
        inner = list(kept.values()) if isinstance(kept, dict) else kept
        if name.startswith("_") or not isinstance(inner, (list, tuple)):
            continue
        for place, part in enumerate(inner):
            if isinstance(part, torch.nn.Module):
                module.add_module(f"{name}_{place}", part)


def _seed(seed: int) -> None:
    """Seed torch: `torch.manual_seed` takes a millisecond to remember it for absent devices."""
    torch.default_generator.manual_seed(seed)
    if torch.cuda.is_initialized():
        torch.cuda.manual_seed_all(seed)


def _run(namespace: Namespace, request: Run) -> list[Outcome]:
    outcome, module = _attempt(lambda: _build(namespace, request.build))
    if outcome.error:
        return [outcome]
    dtype, device = getattr(torch, request.build.dtype), request.build.device
    with Calm() if request.build.calm else contextlib.nullcontext():
        outcomes = [_run_case(module, case, dtype, device) for case in request.cases]
    if request.inspect and isinstance(module, torch.nn.Module):
        outcomes[0] = replace(outcomes[0], anatomy=_anatomy(module))
    return outcomes


def _run_case(module: Any, case: Pass, dtype: torch.dtype, device: str) -> Outcome:
    watched = device == "meta"
    sent = to_student(
        (case.inputs, dict(case.keywords)), dtype, device, case.cotangents is not None
    )
    outcome, _ = _attempt(lambda: _prepare(module, case))
    if outcome.error:
        return outcome
    before, weights = snapshot(sent), Weights(_parameters(module))
    outcome, value = _attempt(lambda: _forward(module, case, *sent), watched=watched)
    if outcome.error:
        return outcome
    found = None
    if case.cotangents is not None:
        last = value[-1] if case.unroll else value
        outcome, found = _attempt(
            lambda: _named_gradients(last, case.cotangents, sent, module), outcome
        )
    changed = (*_changed(before[0], sent[0]), *weights.changed(_parameters(module)))
    return _finish(outcome, value, found, changed)


def _prepare(module: Any, case: Pass) -> None:
    if case.parameters is not None:
        load_parameters(module, case.parameters)
    if isinstance(module, torch.nn.Module):
        module.train(case.training)


def _forward(module: Any, case: Pass, inputs: tuple, keywords: dict[str, Any]) -> Any:
    function = getattr(module, case.method) if case.method else module
    if not case.unroll:
        return function(*inputs, **keywords)
    outputs: list[Any] = []
    state: Sequence[Any] = inputs[1:]
    for element in inputs[0]:
        outputs.append(function(element, *state, **keywords))
        state = outputs[-1:]
    return outputs


def _parameters(module: Any) -> dict[str, torch.Tensor]:
    return dict(module.named_parameters()) if isinstance(module, torch.nn.Module) else {}


def _named_gradients(output: Any, cotangents: Any, sent: Any, module: Any) -> dict[str, Any]:
    named = _parameters(module)
    (inputs, keywords), weights = gradients(output, cotangents, sent, list(named.values()))
    return {
        "inputs": inputs,
        "keywords": keywords,
        "parameters": dict(zip(named, weights, strict=True)),
    }


def _changed(before: tuple, after: tuple) -> tuple[str, ...]:
    pairs = enumerate(zip(before, after, strict=True))
    return tuple(str(i) for i, (old, new) in pairs if not same_data(old, new))


def _attempt(
    function: Callable[[], Any], so_far: Outcome | None = None, *, watched: bool = False
) -> tuple[Outcome, Any]:
    """Run student code; return what happened (without the value) and the live value."""
    printed, watch = Printed(), Watch()
    start = time.perf_counter()
    value, error = None, None
    try:
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(Printed()),
            watch if watched and not Watch.idle else contextlib.nullcontext(),
        ):
            value = function()
    except KeyboardInterrupt:  # the student's own wish, or the end of the time there was
        raise
    except BaseException as exception:
        error = _raised(exception)
    outcome = Outcome(
        error=error,
        printed=printed.text,
        used=tuple(sorted(watch.used)),
        seconds=time.perf_counter() - start,
    )
    return (_joined(so_far, outcome) if so_far else outcome), value


def _joined(first: Outcome, second: Outcome) -> Outcome:
    return Outcome(
        error=first.error or second.error,
        printed=first.printed or second.printed,
        used=tuple(sorted({*first.used, *second.used})),
        seconds=first.seconds + second.seconds,
    )


def _finish(outcome: Outcome, value: Any, found: Any, changed: tuple[str, ...]) -> Outcome:
    return Outcome(
        value=returned(value),
        error=outcome.error,
        gradients=found,
        changed=changed,
        printed=outcome.printed,
        used=outcome.used,
        seconds=outcome.seconds,
    )


def _raised(exception: BaseException) -> Raised:
    """Name the student's innermost own line, not ours and not torch's."""
    line = ""
    with contextlib.suppress(Exception):
        for frame in traceback.extract_tb(exception.__traceback__):
            ours = "rnn_course" in frame.filename or "site-packages" in frame.filename
            if frame.line and not ours and "/lib/python" not in frame.filename:
                line = frame.line.strip()[:200]
    try:
        text = str(exception)[:500]
    except Exception:
        text = ""
    return Raised(type(exception).__name__, text, line)


# Programs


def _program(namespace: Namespace, request: Program) -> list[Outcome]:
    _seed(request.seed)
    np.random.seed(request.seed % 2**32)
    random.seed(request.seed)
    results: list[Any] = []
    outcomes: list[Outcome] = []
    with _standing_in(namespace, request.given):
        for step in request.steps:
            outcome, value = _step(namespace, step, results)
            outcomes.append(outcome)
            results.append(value)
            if outcome.error:
                break
    return outcomes


@contextlib.contextmanager
def _standing_in(namespace: Namespace, given: tuple[StandIn, ...]) -> Iterator[None]:
    """Put recorded calls in the place of functions of the notebook, and the functions back."""
    own = {stand_in.name: namespace.get(stand_in.name) for stand_in in given}
    if isinstance(namespace, dict):
        namespace |= {s.name: recorded_calls(s, own[s.name]) for s in given}
    try:
        yield
    finally:
        if isinstance(namespace, dict):
            namespace |= {name: value for name, value in own.items() if value is not None}
            for name in [name for name, value in own.items() if value is None]:
                del namespace[name]


def _step(namespace: Namespace, step: Any, results: list[Any]) -> tuple[Outcome, Any]:
    if isinstance(step, Build):
        return _attempt(lambda: _build(namespace, step, results))
    if isinstance(step, Load):
        return _attempt(lambda: load_parameters(_resolve(step.target, results), step.parameters))
    if isinstance(step, Fetch):
        outcome, value = _attempt(lambda: _fetch(_found(namespace, step, results), step.what))
        return _finish(outcome, value, None, ()), value
    return _call(namespace, step, results)


def _found(namespace: Namespace, step: Fetch, results: list[Any]) -> Any:
    if isinstance(step.target, Ref):
        return _resolve(step.target, results)
    if step.target not in namespace:
        raise NameError(f"name '{step.target}' is not defined")
    return namespace[step.target]


def _fetch(value: Any, what: str) -> Any:
    if what == "parameters":
        return {name: p.detach().clone() for name, p in value.named_parameters()}
    return bool(value.training) if what == "mode" else value


def _live(sent: Any, results: Sequence[Any], namespace: Namespace) -> Any:
    """Make live arguments, with the results of earlier steps in the places of references.

    A stand-in goes to the namespace's function of its name for calls that it does not know.
    """

    def found(leaf: Any) -> Any:
        if isinstance(leaf, Ref):
            return _resolve(leaf, results)
        if isinstance(leaf, StandIn):
            return recorded_calls(leaf, namespace.get(leaf.name))
        return live(leaf)

    return map_leaves(found, sent)


def _resolve(ref: Ref, results: Sequence[Any]) -> Any:
    value = results[ref.step]  # type: ignore[index]  # names are for `cases`; here it is an index
    for part in ref.path:
        value = (
            getattr(value, part) if isinstance(part, str) and hasattr(value, part) else value[part]
        )
    return value


def _call(namespace: Namespace, step: Call, results: list[Any]) -> tuple[Outcome, Any]:
    sent: Any = None
    before: Any = None

    def run() -> Any:
        nonlocal sent, before
        if isinstance(step.target, str) and step.target not in namespace:
            raise NameError(f"name '{step.target}' is not defined")
        target = (
            namespace[step.target]
            if isinstance(step.target, str)
            else _resolve(step.target, results)
        )
        function = getattr(target, step.method) if step.method else target
        sent = _live((step.args, dict(step.kwargs)), results, namespace)
        before = snapshot(sent)
        return function(*sent[0], **sent[1])

    outcome, value = _attempt(run, watched=True)
    if outcome.error:
        return outcome, None
    found = None
    if step.cotangents is not None:
        outcome, found = _attempt(
            lambda: _named_gradients(value, step.cotangents, sent, None), outcome
        )
    changed = _changed(before[0], sent[0])
    shown = Opaque(type(value).__name__) if step.keep else value
    return _finish(outcome, shown, found, changed), value


# Train


def _train(namespace: Namespace, request: Train) -> Outcome:
    def run() -> dict[str, Any]:
        module = _build(namespace, request.build)
        inputs = to_student(request.inputs, getattr(torch, request.build.dtype))
        labels = torch.as_tensor(np.asarray(plain(request.labels)))
        optimizer = torch.optim.Adam(module.parameters(), lr=request.lr)
        losses = []
        for _ in range(request.steps):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(module(*inputs), labels)
            loss.backward()
            optimizer.step()
            losses.append(float(loss))
        with torch.no_grad():
            return {"losses": np.array(losses), "logits": module.eval()(*inputs)}

    outcome, value = _attempt(run)
    return _finish(outcome, value, None, ())


_ANSWERS: dict[type, tuple[Callable[..., Any], Callable[[Raised], Any]]] = {
    Describe: (_describe, lambda raised: Description("value", value=Opaque(raised.type))),
    Inspect: (_inspect, lambda raised: raised),
    Run: (_run, lambda raised: [Outcome(error=raised)]),
    Program: (_program, lambda raised: [Outcome(error=raised)]),
    Train: (_train, lambda raised: Outcome(error=raised)),
}
