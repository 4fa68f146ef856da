"""A transformer small enough to be made by a test: two layers of BERT over a few words."""

from collections.abc import Mapping
from pathlib import Path

WORDS = "the cat dog sees loves finds sea house query passage : кошка видит море قطة يرى بحر"
MAX_TOKENS = 12


def write_bert(folder: Path, prompts: Mapping[str, str] | None = None) -> Path:
    """A sentence-transformers folder of random weights, mean pooling, unit vectors, 12 tokens."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - ten seconds
    from sentence_transformers.sentence_transformer import modules  # noqa: PLC0415

    transformer = modules.Transformer(str(_bert(folder / "bert")), max_seq_length=MAX_TOKENS)
    pooling = modules.Pooling(transformer.get_embedding_dimension(), "mean")
    model = SentenceTransformer(
        modules=[transformer, pooling, modules.Normalize()],
        prompts=dict(prompts or {}),
        device="cpu",
    )
    model.save(str(folder / "model"), create_model_card=False)
    return folder / "model"


def _bert(folder: Path) -> Path:
    import torch  # noqa: PLC0415
    from transformers import BertConfig, BertModel, BertTokenizer  # noqa: PLC0415

    torch.manual_seed(7)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS.split()]
    pieces += sorted({c for word in WORDS.split() for c in (word[0], f"##{word[-1]}")})
    BertTokenizer(vocab={piece: i for i, piece in enumerate(pieces)}).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=40,
        # At the usual .02 all texts of an untrained model have almost the same vector.
        initializer_range=0.5,
    )
    BertModel(config).save_pretrained(folder)
    return folder
