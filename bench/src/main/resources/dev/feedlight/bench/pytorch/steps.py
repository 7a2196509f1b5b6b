"""Training steps of PyTorch beside Feedlight's: BP and DFA of a net of square layers, by CUDA events.

    ./feedlight bench pytorch --device cuda --out DIR      both sides, and the table
    python3 steps.py --out results.jsonl                   this side alone

Input, `depth` hidden layers (tanh) and output of one width, with biases; squared error, SGD. Weights
and their updates are fp32. dtype is what products take: fp32, tf32, or bf16 (autograd by autocast;
by hand from a bf16 copy of each weight, which the update writes). DFA projects the error once, by
one matrix for all hidden layers.

A step is written in ways: autograd (Module, backward, torch.optim.SGD, fused where there is one) and
hand (no autograd, updates in place); each runs in modes: eager, graph (a captured CUDA graph),
compile (torch.compile), compile+graph. Before a way is timed its update of the first, a middle and
the last layer after three steps must agree with the same steps in double precision.
"""
import argparse
import json
import statistics
import sys
import time

try:
    import torch
except ImportError:
    print(f"steps.py: {sys.executable} has no torch: name a Python that has it (pip install torch)", file=sys.stderr)
    sys.exit(2)

TOLERANCE = {"fp32": 0.02, "tf32": 0.1, "bf16": 0.5}  # of an update, relative to its norm (ours)
CHECKED_STEPS, CHECK_RATE, TIMED_RATE = 3, 1.0, 1e-6


class Net:
    """Values that every way begins with; products in the given type."""

    def __init__(self, cell, device, dtype, seed):
        self.depth, self.width, self.batch = cell
        self.device, self.dtype = device, dtype
        draw = torch.Generator().manual_seed(seed)
        bound = (3.0 / self.width) ** 0.5
        uniform = lambda *shape: torch.rand(*shape, generator=draw) * 2 - 1
        self.initial = [uniform(self.width, self.width) * bound for _ in range(self.depth + 1)]
        self.feedback = (uniform(self.width, self.width) * bound).to(device)
        self.x = uniform(self.batch, self.width).to(device)
        self.target = uniform(self.batch, self.width).to(device)
        self.weights = [w.to(device, copy=True) for w in self.initial]
        self.biases = [torch.zeros(self.width, device=device) for _ in self.weights]

    def reset(self):
        with torch.no_grad():
            for weight, initial in zip(self.weights, self.initial):
                weight.copy_(initial)
            for bias in self.biases:
                bias.zero_()

    def updates(self):
        layers = {0, self.depth // 2, self.depth}
        return [self.weights[i].detach().double().cpu() - self.initial[i].double() for i in sorted(layers)]


def in_double(net, rule):
    """The same steps in double precision, by hand."""
    device = net.device
    weights = [w.to(device).double() for w in net.initial]
    biases = [torch.zeros(net.width, device=device).double() for _ in weights]
    x, target, feedback = net.x.double(), net.target.double(), net.feedback.double()
    for _ in range(CHECKED_STEPS):
        acts = [x]
        for i, (w, b) in enumerate(zip(weights, biases)):
            y = torch.addmm(b, acts[-1], w.t())
            acts.append(y if i == net.depth else y.tanh())
        delta = (acts[-1] - target) * (2 / target.numel())
        signal = delta @ feedback.t()
        for i in range(net.depth, -1, -1):
            if i < net.depth:
                delta = signal * (1 - acts[i + 1] ** 2)
            if rule == "bp":
                signal = delta @ weights[i]
            weights[i] = weights[i] - CHECK_RATE * (delta.t() @ acts[i])
            biases[i] = biases[i] - CHECK_RATE * delta.sum(0)
    layers = sorted({0, net.depth // 2, net.depth})
    return [weights[i].cpu() - net.initial[i].double() for i in layers]


def autograd(net, rate):
    """BP by autograd: a function that does one step, and what torch.compile may replace in it."""
    weights = [w.requires_grad_() for w in net.weights]
    biases = [b.requires_grad_() for b in net.biases]
    fused = {"fused": True} if net.device == "cuda" else {}
    optimizer = torch.optim.SGD(weights + biases, lr=rate, **fused)
    cast = torch.autocast(net.device, torch.bfloat16, enabled=net.dtype == "bf16", cache_enabled=False)

    def loss():
        y = net.x
        with cast:
            for i, (weight, bias) in enumerate(zip(weights, biases)):
                y = torch.nn.functional.linear(y, weight, bias)
                y = y if i == net.depth else y.tanh()
        return torch.nn.functional.mse_loss(y.float(), net.target)

    def step(loss=loss, update=optimizer.step):
        optimizer.zero_grad(set_to_none=True)
        loss().backward()
        update()

    return step, lambda: (lambda l, u: lambda: step(l, u))(torch.compile(loss), torch.compile(optimizer.step))


def by_hand(net, rule, rate):
    """BP or DFA without autograd."""
    half = net.dtype == "bf16"
    kind = torch.bfloat16 if half else torch.float32
    weights = [w.requires_grad_(False) for w in net.weights]
    biases = [b.requires_grad_(False) for b in net.biases]
    copies = [w.to(kind) for w in weights]  # the weights themselves where they are not rounded
    feedback, first = net.feedback.to(kind), net.x.to(kind)

    @torch.no_grad()
    def step():
        acts = [first]
        for i in range(net.depth + 1):
            y = torch.addmm(biases[i].to(kind), acts[-1], copies[i].t())
            acts.append(y if i == net.depth else y.tanh())
        delta = (acts[-1].float() - net.target) * (2 / net.target.numel())
        delta = delta.to(kind)
        signal = delta @ feedback.t() if rule == "dfa" else None
        for i in range(net.depth, -1, -1):
            if i < net.depth:
                delta = signal * (1 - acts[i + 1] * acts[i + 1])
            if rule == "bp" and i > 0:
                signal = delta @ copies[i]
            biases[i].sub_(delta.float().sum(0), alpha=rate)
            if half:
                weights[i].sub_(delta.t() @ acts[i], alpha=rate)
                copies[i].copy_(weights[i])
            else:
                weights[i].addmm_(delta.t(), acts[i], alpha=-rate)

    def refresh():
        if half:
            for copy, weight in zip(copies, weights):
                copy.copy_(weight)

    step.refresh = refresh
    return step, lambda: torch.compile(step)


def captured(step):
    """The step as a CUDA graph."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


def seconds(device, step, times):
    if device == "cpu":
        start = time.perf_counter()
        for _ in range(times):
            step()
        return time.perf_counter() - start
    begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    step()  # the GPU works on this while the host launches what is timed
    begin.record()
    for _ in range(times):
        step()
    end.record()
    end.synchronize()
    return begin.elapsed_time(end) * 1e-3


def measure(device, step, rounds, least):
    for _ in range(3):
        step()
    times = max(1, min(1000, round(least / max(seconds(device, step, 1), 1e-9))))
    values = sorted(seconds(device, step, times) / times * 1e3 for _ in range(rounds))
    return statistics.median(values), values[rounds // 4], values[rounds - 1 - rounds // 4]


def check(name, net, step, reference, tolerance):
    """Refuses a way whose updates are not those of the reference."""
    net.reset()
    getattr(step, "refresh", lambda: None)()
    for _ in range(CHECKED_STEPS):
        step()
    for got, wanted in zip(net.updates(), reference):
        error = ((got - wanted).norm() / wanted.norm()).item()
        if not error <= tolerance:
            sys.exit(f"steps.py: {name}: an update differs by {error:.2g} of its norm, allowed are {tolerance}")
    net.reset()
    getattr(step, "refresh", lambda: None)()


def ways(net, rule, rate, chosen):
    for way in ["autograd", "hand"] if rule == "bp" else ["hand"]:
        step, compiled = autograd(net, rate) if way == "autograd" else by_hand(net, rule, rate)
        for mode in chosen:
            run = compiled() if "compile" in mode else step
            if "compile" in mode and hasattr(step, "refresh"):
                run.refresh = step.refresh
            yield f"{way},{mode}", (lambda run=run, mode=mode: captured(run) if "graph" in mode else run), run


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--cells", default="96x3080x512,96x3080x1,96x100x32", help="DEPTHxWIDTHxBATCH, ...")
    parser.add_argument("--dtypes", default="fp32,tf32,bf16")
    parser.add_argument("--rules", default="bp,dfa")
    parser.add_argument("--modes", default="eager,graph,compile,compile+graph", help="on a processor eager, compile")
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--least-ms", type=float, default=20, help="that a round takes at least")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--commit", help="of Feedlight, for the lines")
    parser.add_argument("--out", help="a file to which result lines are added; default: only printed")
    return parser.parse_args()


def main():
    options = arguments()
    if options.device == "cuda" and not torch.cuda.is_available():
        print(f"steps.py: torch {torch.__version__} sees no GPU; run with --device cpu", file=sys.stderr)
        sys.exit(2)
    cpu = options.device == "cpu"
    name = "cpu" if cpu else "cuda: " + torch.cuda.get_device_name()
    modes = [m for m in options.modes.split(",") if not (cpu and "graph" in m)]
    for cell in [tuple(int(n) for n in c.split("x")) for c in options.cells.split(",")]:
        for dtype in options.dtypes.split(","):
            if cpu and dtype == "tf32":
                continue
            torch.backends.cuda.matmul.allow_tf32 = dtype == "tf32"
            for rule in options.rules.split(","):
                run_cell(options, name, modes, cell, dtype, rule)


def run_cell(options, name, modes, cell, dtype, rule):
    net = Net(cell, options.device, dtype, options.seed)
    reference = in_double(net, rule)
    for way, _, step in ways(net, rule, CHECK_RATE, [m for m in modes if "graph" not in m] or ["eager"]):
        check(f"{rule} {dtype} {way}", net, step, reference, TOLERANCE[dtype])
    net.reset()
    for way, prepare, _ in ways(net, rule, TIMED_RATE, modes):
        step = prepare()
        median, low, high = measure(options.device, step, options.rounds, options.least_ms * 1e-3)
        del step
        line = {
            "experiment": "pytorch", "data": "random", "model": "mlp", "implementation": "pytorch",
            "optimizer": "sgd", "dtype": dtype, "rule": rule,
            "setting": f"way={way} torch={torch.__version__}",
            "width": cell[1], "depth": cell[0], "batch": cell[2], "device": name,
            "metric": "ms_per_step", "unit": "ms", "value": median, "low": low, "high": high,
            "n": options.rounds,
        }
        if options.commit:
            line["commit"] = options.commit
        text = json.dumps(line, separators=(",", ":"))
        print(f"{cell[0]}x{cell[1]}x{cell[2]} {dtype} {rule} {way}: {median:.4f} ms ({low:.4f} to {high:.4f})", flush=True)
        if options.out:
            with open(options.out, "a") as file:
                file.write(text + "\n")
    torch._dynamo.reset() if hasattr(torch, "_dynamo") else None


if __name__ == "__main__":
    main()
