"""Makes a small model and its logits: an independent implementation in numpy.

    python3 tests/src/test/scripts/gpt.py

Nothing of the build or of a test calls this; what it writes is committed: the folder of a model with
random weights under tests/src/test/resources/dev/feedlight/golden/gpt, and gpt.txt beside it, whose
lines are a name and hexadecimal numbers: of that model, and of the same with plain sums in the
residual stream. The forward pass runs in double precision from the fp32
weights: GPT-2's, pre-norm, with the exact GELU and a head of its own. Attention is a loop over
tokens and heads, so that it shares no trick with the implementations it is held against.
"""
import hashlib
import json
import math
import pathlib
import struct

import numpy as np

FOLDER = pathlib.Path(__file__).parent.parent / "resources/dev/feedlight/golden"
VOCABULARY, CONTEXT, WIDTH, LAYERS, HEADS, HIDDEN = 260, 7, 12, 2, 3, 20
EPSILON = 1e-5


def byte_alphabet():
    """GPT-2's characters for bytes, in the order of the characters (the tokenizer's numbers)."""
    plain = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    return sorted([chr(b) for b in plain] + [chr(256 + i) for i in range(len(others))])


def tokenizer():
    merges = [["t", "h"], ["th", "e"], ["a", "n"], ["\u0120", "the"]]
    tokens = byte_alphabet() + ["".join(pair) for pair in merges]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    model = {
        "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
        "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False,
        "ignore_merges": False, "vocab": {token: i for i, token in enumerate(tokens)},
        "merges": merges,
    }
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
        "normalizer": None, "pre_tokenizer": level, "post_processor": None, "decoder": level,
        "model": model,
    }


def weights():
    random = np.random.default_rng(20260301)

    def normal(*shape):
        return random.normal(scale=1 / math.sqrt(shape[-1]), size=shape).astype(np.float32)

    def near(value, size):
        return (value + 0.3 * random.normal(size=size)).astype(np.float32)

    tensors = {"wte.weight": 2 * normal(VOCABULARY, WIDTH), "wpe.weight": 2 * normal(CONTEXT, WIDTH)}
    for i in range(LAYERS):
        for name, extents in {
            "ln_1": None, "attn.c_attn": (3 * WIDTH, WIDTH), "attn.c_proj": (WIDTH, WIDTH),
            "ln_2": None, "mlp.c_fc": (HIDDEN, WIDTH), "mlp.c_proj": (WIDTH, HIDDEN),
        }.items():
            tensors[f"h.{i}.{name}.weight"] = near(1, WIDTH) if extents is None else 2 * normal(*extents)
            tensors[f"h.{i}.{name}.bias"] = near(0, WIDTH if extents is None else extents[0])
    tensors["ln_f.weight"] = near(1, WIDTH)
    tensors["ln_f.bias"] = near(0, WIDTH)
    tensors["lm_head.weight"] = 3 * normal(VOCABULARY, WIDTH)
    return tensors


def safetensors(tensors):
    header, offset = {}, 0
    for name, tensor in tensors.items():
        header[name] = {
            "dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + tensor.nbytes],
        }
        offset += tensor.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    data = b"".join(tensor.astype("<f4").tobytes() for tensor in tensors.values())
    return struct.pack("<Q", len(text)) + text + data


def norm(x, gain=1, bias=0):
    mean = x.mean(axis=1, keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=1, keepdims=True)
    return (x - mean) / np.sqrt(variance + EPSILON) * gain + bias


def gelu(x):
    return 0.5 * x * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def attention(qkv):
    q, k, v = np.split(qkv, 3, axis=1)
    y = np.zeros_like(q)
    maps = np.zeros((len(q), len(q)))
    size = WIDTH // HEADS
    for query in range(len(q)):
        for head in range(HEADS):
            part = slice(head * size, (head + 1) * size)
            scores = [q[query, part] @ k[key, part] / math.sqrt(size) for key in range(query + 1)]
            shares = np.exp(np.array(scores) - max(scores))
            shares /= shares.sum()
            maps[query, : query + 1] += shares / HEADS
            y[query, part] = shares @ v[: query + 1, part]
    return y, maps


def forward(tensors, tokens, residual):
    t = {name: tensor.astype(np.float64) for name, tensor in tensors.items()}

    def linear(x, name):
        return x @ t[name + ".weight"].T + t[name + ".bias"]

    added = {"plain": lambda branch: branch, "standardized": norm}[residual]
    x = t["wte.weight"][tokens] + t["wpe.weight"][: len(tokens)]
    maps = []
    for i in range(LAYERS):
        h = f"h.{i}."
        normal = norm(x, t[h + "ln_1.weight"], t[h + "ln_1.bias"])
        heads, one = attention(linear(normal, h + "attn.c_attn"))
        maps.append(one)
        x = x + added(linear(heads, h + "attn.c_proj"))
        normal = norm(x, t[h + "ln_2.weight"], t[h + "ln_2.bias"])
        x = x + added(linear(gelu(linear(normal, h + "mlp.c_fc")), h + "mlp.c_proj"))
    return norm(x, t["ln_f.weight"], t["ln_f.bias"]) @ t["lm_head.weight"].T, maps


def main():
    model = FOLDER / "gpt"
    model.mkdir(exist_ok=True)
    text = json.dumps(tokenizer(), ensure_ascii=False, indent=1).encode() + b"\n"
    tensors = weights()
    config = {
        "format": "feedlight-gpt", "version": 1, "feedlight": "gpt.py", "vocabulary": VOCABULARY,
        "context": CONTEXT, "width": WIDTH, "layers": LAYERS, "heads": HEADS, "hidden": HIDDEN,
        "activation": "gelu", "residual": "standardized", "layer_norm_epsilon": EPSILON,
        "tokenizer_sha256": hashlib.sha256(text).hexdigest(),
    }
    (model / "tokenizer.json").write_bytes(text)
    (model / "model.safetensors").write_bytes(safetensors(tensors))
    (model / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    lines = ["# Logits and attention of the model in the folder gpt.", "# Made by tests/src/test/scripts/gpt.py."]
    for name, tokens in {"whole": [39, 259, 0, 65, 65, 256, 200], "part": [258, 1, 77]}.items():
        lines.append(" ".join([f"{name}.tokens", *map(str, tokens)]))
        for residual in ["standardized", "plain"]:
            logits, maps = forward(tensors, tokens, residual)
            results = {"logits": logits} | {f"attention{layer}": one for layer, one in enumerate(maps)}
            for what, values in results.items():
                numbers = (v.hex() for v in values.ravel().tolist())
                lines.append(" ".join([f"{name}.{residual}.{what}", *numbers]))
    (FOLDER / "gpt.txt").write_text("\n".join(lines) + "\n")


main()
