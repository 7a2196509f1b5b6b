"""Direct feedback in a small GPT, in PyTorch: an independent check of what Feedlight finds.

    pip install torch
    ./feedlight tokenizer train --out tokenizer.json
    python3 docs/pytorch/direct_feedback.py tokenizer.json input.txt --rule dfa --last layer

input.txt is any plain text; the last tenth of it is held out. Width 192, four layers, context 24,
32 windows a step, Adam with 100 steps of warm-up and half a cosine, in fp32, without optics.
--norm both also normalises what a branch adds to the residual stream, without gain and bias; post
is the order of the first Transformer.
--residual exact lets the exact gradient pass along the residual stream and replaces only what
enters the branches; that is not what the paper says, and needs a backward pass.
"""
import argparse
import json
import math
import re

import torch
from torch import nn
from torch.nn import functional

WIDTH, HEADS, LAYERS, CONTEXT, WINDOWS = 192, 4, 4, 24, 32

parser = argparse.ArgumentParser()
parser.add_argument("tokenizer")
parser.add_argument("text")
parser.add_argument("--rule", choices=["bp", "dfa", "shlw"], default="dfa")
parser.add_argument("--last", choices=["head", "layer"], default="layer", help="block trained by BP")
parser.add_argument("--project", choices=["output", "last-input"], default="output")
parser.add_argument("--residual", choices=["cut", "exact"], default="cut", help="exact: --norm pre, both")
parser.add_argument("--own-matrices", action="store_true", help="one per block, not one for all")
parser.add_argument("--init", choices=["pytorch", "gpt2"], default="pytorch")
parser.add_argument("--norm", choices=["pre", "post", "both"], default="pre")
parser.add_argument("--fed-rate", type=float, default=1, help="factor on the rate of fed blocks")
parser.add_argument("--steps", type=int, default=1000)
parser.add_argument("--rate", type=float, default=1e-3)
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()


def byte_letters():
    letters = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in letters]
    return {**{b: chr(b) for b in letters}, **{b: chr(256 + i) for i, b in enumerate(others)}}


def encode(text, model):
    letters, vocabulary, words, numbers = byte_letters(), model["vocab"], {}, []
    ranks = {tuple(m.split(" ") if isinstance(m, str) else m): i for i, m in enumerate(model["merges"])}
    for word in re.findall(r" ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+", text):
        if word not in words:
            parts = [letters[b] for b in word.encode()]
            while len(parts) > 1:
                pairs = [(ranks.get(pair, math.inf), i) for i, pair in enumerate(zip(parts, parts[1:]))]
                rank, i = min(pairs)
                if rank == math.inf:
                    break
                parts[i : i + 2] = [parts[i] + parts[i + 1]]
            words[word] = [vocabulary[part] for part in parts]
        numbers += words[word]
    return torch.tensor(numbers)


class Entry(torch.autograd.Function):
    """What passes forward stays; the gradient is replaced by the signal."""

    @staticmethod
    def forward(context, y, signals, block):
        context.signals, context.block = signals, block
        return y.view_as(y)

    @staticmethod
    def backward(context, gradient):
        return context.signals.get(context.block, gradient), None, None


class Branch(nn.Module):
    def __init__(self, block, signals):
        super().__init__()
        self.block, self.signals, self.norm = block, signals, nn.LayerNorm(WIDTH)

    def forward(self, x):
        if options.norm == "post":
            return self.norm(x + self.branch(x))
        y = self.branch(self.norm(x))
        if options.norm == "both":
            y = functional.layer_norm(y, (WIDTH,))
        return x + (Entry.apply(y, self.signals, self.block) if options.residual == "exact" else y)


class Attention(Branch):
    def __init__(self, block, signals):
        super().__init__(block, signals)
        self.qkv, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)

    def branch(self, x):
        b, t, _ = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS)
        scores = scores.masked_fill(torch.ones(t, t).tril() == 0, -1e9)
        return self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(b, t, WIDTH))


class Mlp(Branch):
    def __init__(self, block, signals):
        super().__init__(block, signals)
        self.inner, self.out = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(2 * WIDTH, WIDTH)

    def branch(self, x):
        return self.out(functional.gelu(self.inner(x)))


class Embedding(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.tokens, self.places = nn.Embedding(vocabulary, WIDTH), nn.Embedding(CONTEXT, WIDTH)

    def forward(self, x):
        return self.tokens(x) + self.places.weight


model = json.load(open(options.tokenizer))["model"]
vocabulary = len(model["vocab"])
tokens = encode(open(options.text).read(), model)
training, held_out = tokens[: len(tokens) * 9 // 10], tokens[len(tokens) * 9 // 10 :]
counts = torch.bincount(training, minlength=vocabulary).float() + 1
unigram = -(counts / counts.sum()).log()[held_out].mean().item()

torch.manual_seed(options.seed)
signals = {}
blocks = [Embedding(vocabulary)]
for layer in range(LAYERS):
    blocks += [Attention(2 * layer + 1, signals), Mlp(2 * layer + 2, signals)]
head = nn.Sequential(nn.LayerNorm(WIDTH), nn.Linear(WIDTH, vocabulary, bias=False))
exact = 0 if options.last == "head" else 2
fed, last = blocks[: len(blocks) - exact], nn.Sequential(*blocks[len(blocks) - exact :], head)
network = nn.ModuleList([*blocks, head])
if options.init == "gpt2":
    for module in network.modules():
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, 0, 0.02)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)
errors = vocabulary if options.project == "output" else WIDTH
matrices = [torch.randn(errors, WIDTH) / math.sqrt(WIDTH) for _ in fed]
groups = [
    {"params": nn.ModuleList(fed).parameters(), "factor": options.fed_rate},
    {"params": last.parameters(), "factor": 1},
]
optimizer = torch.optim.Adam(groups, lr=options.rate)


def forward(x, y):
    outputs, h = [], x
    for block in fed:
        cut = options.rule != "bp" and options.residual == "cut" and outputs
        h = block(h.detach() if cut else h)
        outputs.append(h)
    if options.rule == "shlw" or (options.rule == "dfa" and options.residual == "cut"):
        h = h.detach().requires_grad_()
    logits = last(h)
    return outputs, h, logits, functional.cross_entropy(logits.flatten(0, 1), y.flatten())


def step(x, y):
    optimizer.zero_grad()
    outputs, h, logits, loss = forward(x, y)
    if options.rule != "dfa":
        loss.backward()
    else:
        (error,) = torch.autograd.grad(loss, logits if options.project == "output" else h, retain_graph=True)
        made = [error @ matrices[i if options.own_matrices else 0] for i in range(len(fed))]
        made = [signal - signal.mean((0, 1), keepdim=True) for signal in made]
        signals.clear()
        if options.residual == "exact":
            signals.update({i: made[i] for i in range(1, len(fed))})
        loss.backward()
        if options.residual == "cut":
            for output, signal in zip(outputs, made):
                output.backward(signal)
    optimizer.step()
    return loss.item()


for number in range(options.steps):
    rate = min(1, (number + 1) / 101) * 0.5 * (1 + math.cos(math.pi * number / options.steps))
    for group in optimizer.param_groups:
        group["lr"] = options.rate * rate * group["factor"]
    starts = torch.randint(len(training) - CONTEXT - 1, (WINDOWS,))
    loss = step(
        torch.stack([training[i : i + CONTEXT] for i in starts]),
        torch.stack([training[i + 1 : i + CONTEXT + 1] for i in starts]),
    )
    if number % 100 == 99:
        print(f"step {number + 1}: {loss:.3f}", flush=True)

windows = held_out[: (len(held_out) - 1) // CONTEXT * CONTEXT].view(-1, CONTEXT)
labels = held_out[1 : windows.numel() + 1].view(-1, CONTEXT)
with torch.no_grad():
    losses = [forward(x, y)[3].item() * len(x) for x, y in zip(windows.split(100), labels.split(100))]
print(f"{vars(options)}\nheld out {sum(losses) / len(windows):.4f} nats, token frequencies {unigram:.4f}")
