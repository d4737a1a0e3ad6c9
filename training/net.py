"""The reading model in torch: a BERT encoder with a case embedding, and the heads of `tocsin.annotate.heads`.

The names of the heads' parameters are those of the exported arrays. Written out rather than taken from a library, so
that the ONNX graph holds nothing else and training needs torch alone.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tocsin.annotate.heads import BUCKETS, Labels
from tocsin.annotate.windows import CASES

HUB, POINTER, ATTRIBUTE = 160, 128, 256


class Layer(nn.Module):
    """One transformer layer, post-norm as in BERT."""

    def __init__(self, size: int, heads: int, inner: int, drop: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.up, self.down = nn.Linear(size, inner), nn.Linear(inner, size)
        self.norm1, self.norm2 = nn.LayerNorm(size, eps=1e-12), nn.LayerNorm(size, eps=1e-12)
        self.drop = nn.Dropout(drop)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        b, t, d = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) * (d // self.heads) ** -0.5
        if mask is not None:
            scores = scores + mask
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(b, t, d)
        x = self.norm1(x + self.drop(self.out(mixed)))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    """Word pieces and their case features → hidden states (batch, pieces, D)."""

    def __init__(self, config: dict[str, int], drop: float = 0.1) -> None:
        super().__init__()
        size = config["hidden_size"]
        self.words = nn.Embedding(config["vocab_size"], size)
        self.positions = nn.Embedding(config["max_position_embeddings"], size)
        self.cases = nn.Embedding(CASES, size)
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.drop = nn.Dropout(drop)
        self.layers = nn.ModuleList(
            Layer(size, config["num_attention_heads"], config["intermediate_size"], drop)
            for _ in range(config["num_hidden_layers"])
        )
        nn.init.zeros_(self.cases.weight)

    def forward(self, ids: Tensor, cases: Tensor, mask: Tensor | None = None) -> Tensor:
        place = torch.arange(ids.shape[1], device=ids.device)
        x = self.drop(self.norm(self.words(ids) + self.positions(place) + self.cases(cases)))
        for layer in self.layers:
            x = layer(x, mask)
        return x

    @classmethod
    def from_bert(cls, folder: Path) -> Encoder:
        """Start from the weights of a BERT checkpoint (`config.json`, `model.safetensors`)."""
        from safetensors.torch import load_file

        model = cls(json.loads((folder / "config.json").read_text()))
        old = {name.removeprefix("bert."): value for name, value in load_file(str(folder / "model.safetensors")).items()}
        new = {
            "words.weight": old["embeddings.word_embeddings.weight"],
            "positions.weight": old["embeddings.position_embeddings.weight"] + old["embeddings.token_type_embeddings.weight"][0],
            "cases.weight": model.cases.weight.detach(),
            "norm.weight": old["embeddings.LayerNorm.weight"],
            "norm.bias": old["embeddings.LayerNorm.bias"],
        }
        pairs = {
            "out": "attention.output.dense", "norm1": "attention.output.LayerNorm", "up": "intermediate.dense",
            "down": "output.dense", "norm2": "output.LayerNorm",
        }
        for i in range(len(model.layers)):
            source = f"encoder.layer.{i}."
            for kind in ("weight", "bias"):
                parts = [old[f"{source}attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
                new[f"layers.{i}.qkv.{kind}"] = torch.cat(parts)
                for here, there in pairs.items():
                    new[f"layers.{i}.{here}.{kind}"] = old[f"{source}{there}.{kind}"]
        model.load_state_dict(new)
        return model


class HeadsNet(nn.Module):
    """The heads' parameters under the names of the exported arrays, and their scores for a batch."""

    def __init__(self, labels: Labels, size: int, extra_clauses: int = 0) -> None:
        super().__init__()
        self.labels = labels
        roles, clauses = len(labels.edges), len(labels.clauses) + extra_clauses
        shapes: dict[str, tuple[int, ...]] = {
            "kind": (len(labels.kinds), size),
            "attribute.w": (size, ATTRIBUTE), "attribute.b": (ATTRIBUTE,),
            "hub.w": (size, HUB), "hub.b": (HUB,), "thing.w": (size, HUB), "thing.b": (HUB,),
            "edge.u": (roles, HUB, HUB), "edge.distance": (BUCKETS, roles), "edge.b": (roles,),
            "pointer.w": (size, POINTER), "pointer.b": (POINTER,),
            "null.w": (POINTER, clauses), "null.b": (clauses,),
        }
        for end in ("start", "end"):
            shapes |= {f"{end}.w": (size, POINTER), f"{end}.u": (clauses, POINTER, POINTER), f"{end}.distance": (BUCKETS, clauses)}
        for layer in range(len(labels.layers)):
            tags = len(labels.tags(layer))
            shapes |= {f"tag{layer}.w": (size, tags), f"tag{layer}.b": (tags,)}
        for name, values in labels.attributes.items():
            shapes |= {f"attribute.{name}.w": (ATTRIBUTE, len(values)), f"attribute.{name}.b": (len(values),)}
        self.p = nn.ParameterDict()
        for name, shape in shapes.items():
            value = torch.zeros(shape)
            if not name.endswith((".b", ".distance")):
                nn.init.normal_(value, std=0.02 if name in ("kind", "edge.u", "start.u", "end.u") else shape[-2] ** -0.5)
            self.p[name.replace(".", "_")] = nn.Parameter(value)
        with torch.no_grad():
            self["edge.b"].fill_(-4.0)

    def __getitem__(self, name: str) -> Tensor:
        value: Tensor = self.p[name.replace(".", "_")]
        return value

    def tags(self, words: Tensor, layer: int) -> Tensor:
        return words @ self[f"tag{layer}.w"] + self[f"tag{layer}.b"]

    def states(self, words: Tensor, spans: Tensor, kinds: Tensor) -> Tensor:
        """`words` (all words of the batch, D), `spans` (n, 2) flat word indices → (n, D)."""
        sums = torch.cat([words.new_zeros(1, words.shape[1]), words.cumsum(0)])
        means = (sums[spans[:, 1]] - sums[spans[:, 0]]) / (spans[:, 1] - spans[:, 0]).unsqueeze(1)
        return means + self["kind"][kinds]

    def attribute(self, hidden: Tensor, name: str) -> Tensor:
        return hidden @ self[f"attribute.{name}.w"] + self[f"attribute.{name}.b"]

    def attribute_hidden(self, states: Tensor) -> Tensor:
        return F.gelu(states @ self["attribute.w"] + self["attribute.b"], approximate="tanh")

    def edges(self, states: Tensor, pairs: Tensor, distance: Tensor) -> Tensor:
        """`pairs` (n, 2) of hub and thing, `distance` (n,) buckets → (n, roles)."""
        hub = F.gelu(states @ self["hub.w"] + self["hub.b"], approximate="tanh")
        thing = F.gelu(states @ self["thing.w"] + self["thing.b"], approximate="tanh")
        hubs, where = torch.unique(pairs[:, 0], return_inverse=True)
        turned = torch.einsum("ih,rhk->irk", hub[hubs], self["edge.u"])
        scores = torch.einsum("prk,pk->pr", turned[where], thing[pairs[:, 1]])
        return scores + self["edge.distance"][distance] + self["edge.b"]

    def pointers(self, states: Tensor, words: Tensor, distance: Tensor) -> tuple[Tensor, Tensor]:
        """For hubs of one window: `states` (h, D), `words` (n, D), `distance` (h, n) → start and end logits
        (h, clauses, n + 1); the last column stands for none."""
        pointer = F.gelu(states @ self["pointer.w"] + self["pointer.b"], approximate="tanh")
        null = (pointer @ self["null.w"] + self["null.b"]).unsqueeze(-1)
        out = []
        for end in ("start", "end"):
            turned = torch.einsum("rpk,hk->hrp", self[f"{end}.u"], pointer)
            scores = turned @ (words @ self[f"{end}.w"]).T + self[f"{end}.distance"][distance].transpose(1, 2)
            out.append(torch.cat([scores, null], dim=-1))
        return out[0], out[1]

    def arrays(self) -> dict[str, Tensor]:
        """The parameters under their exported names; auxiliary clause roles are cut off."""
        kept = len(self.labels.clauses)
        names = {name.replace(".", "_"): name for name in self._names()}
        result = {names[key]: value.detach().float().cpu() for key, value in self.p.items()}
        for end in ("start", "end"):
            result[f"{end}.u"] = result[f"{end}.u"][:kept]
            result[f"{end}.distance"] = result[f"{end}.distance"][:, :kept]
        result["null.w"], result["null.b"] = result["null.w"][:, :kept], result["null.b"][:kept]
        return result

    def _names(self) -> list[str]:
        fixed = ["kind", "attribute.w", "attribute.b", "hub.w", "hub.b", "thing.w", "thing.b", "edge.u", "edge.distance",
                 "edge.b", "pointer.w", "pointer.b", "null.w", "null.b"]
        fixed += [f"{end}.{part}" for end in ("start", "end") for part in ("w", "u", "distance")]
        fixed += [f"tag{layer}.{part}" for layer in range(len(self.labels.layers)) for part in "wb"]
        return fixed + [f"attribute.{name}.{part}" for name in self.labels.attributes for part in "wb"]
