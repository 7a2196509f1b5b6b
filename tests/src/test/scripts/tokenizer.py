"""Writes the tokenizers under tests/src/test/resources/dev/feedlight/data/text with Hugging Face's
tokenizers 0.23.2:

    python3 tokenizer.py INPUT FOLDER

INPUT is java/src/main/resources/dev/feedlight/data/text/tinyshakespeare/input.txt.gz. BytePairTokenizerTest
holds Feedlight's trainer against trained.json, TokenizerFileTest reads legacy.json, which has its
merges as versions before 0.20 wrote them.
"""
import gzip
import json
import sys
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

text = gzip.open(sys.argv[1]).read().decode("utf-8")
folder = Path(sys.argv[2])

tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
alphabet = pre_tokenizers.ByteLevel.alphabet()


def train(vocabulary):
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator([text], trainer)


train(1016)
tokenizer.save(str(folder / "trained.json"), pretty=False)

train(300)
legacy = json.loads(tokenizer.to_str())
legacy["model"]["merges"] = [" ".join(pair) for pair in legacy["model"]["merges"]]
legacy["model"].pop("ignore_merges")
(folder / "legacy.json").write_text(json.dumps(legacy, ensure_ascii=False), encoding="utf-8")
