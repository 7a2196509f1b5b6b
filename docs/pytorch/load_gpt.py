"""A GPT that Feedlight trained, in PyTorch.

    pip install torch safetensors numpy
    python3 docs/pytorch/load_gpt.py MODEL_FOLDER 39 259 0 65

prints the logits of the token that follows each of these tokens. Token numbers are those of the
folder's tokenizer.json: Tokenizer.from_file of the package tokenizers gives them.
"""
import json
import pathlib
import sys

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional


class Layer(nn.Module):
    def __init__(self, width, heads, hidden, residual, epsilon):
        super().__init__()
        self.heads = heads
        self.ln_1 = nn.LayerNorm(width, eps=epsilon)
        self.attn = nn.ModuleDict(
            {"c_attn": nn.Linear(width, 3 * width), "c_proj": nn.Linear(width, width)}
        )
        self.ln_2 = nn.LayerNorm(width, eps=epsilon)
        self.mlp = nn.ModuleDict(
            {"c_fc": nn.Linear(width, hidden), "c_proj": nn.Linear(hidden, width)}
        )

        # What attention and MLP add: as it is, or normalised without gain and bias.
        self.added = {
            "plain": nn.Identity(),
            "standardized": nn.LayerNorm(width, eps=epsilon, elementwise_affine=False),
        }[residual]

    def forward(self, x):
        # tokens x width -> heads x tokens x width / heads
        qkv = self.attn["c_attn"](self.ln_1(x)).chunk(3, dim=-1)
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(-3, -2) for part in qkv)
        mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.added(self.attn["c_proj"](mixed.transpose(-3, -2).flatten(-2)))
        hidden = functional.gelu(self.mlp["c_fc"](self.ln_2(x)))
        return x + self.added(self.mlp["c_proj"](hidden))


class Gpt(nn.Module):
    """The parameters' names are those of model.safetensors."""

    def __init__(self, config):
        super().__init__()
        width, epsilon = config["width"], config["layer_norm_epsilon"]
        self.wte = nn.Embedding(config["vocabulary"], width)
        self.wpe = nn.Embedding(config["context"], width)
        self.h = nn.ModuleList(
            Layer(width, config["heads"], config["hidden"], config["residual"], epsilon)
            for _ in range(config["layers"])
        )
        self.ln_f = nn.LayerNorm(width, eps=epsilon)
        self.lm_head = nn.Linear(width, config["vocabulary"], bias=False)

    def forward(self, tokens):
        x = self.wte(tokens) + self.wpe(torch.arange(tokens.shape[-1]))
        for layer in self.h:
            x = layer(x)
        return self.lm_head(self.ln_f(x))


def load(folder):
    folder = pathlib.Path(folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if config["format"] != "feedlight-gpt" or config["activation"] != "gelu":
        raise ValueError(f"{folder} is no GPT of Feedlight with the exact GELU")
    model = Gpt(config)
    model.load_state_dict(load_file(folder / "model.safetensors"))  # all names, and no others
    return model.eval()


if __name__ == "__main__":
    gpt = load(sys.argv[1])
    with torch.no_grad():
        for row in gpt(torch.tensor([int(token) for token in sys.argv[2:]])):
            print(" ".join(f"{logit:.6f}" for logit in row.tolist()))
