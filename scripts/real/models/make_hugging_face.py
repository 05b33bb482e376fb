"""Makes a folder for vLLM with a model of some megabytes that holds all three scripts, at temperature 0.

As make_gguf.py; the last token of the prompt, which the chat template sets, says which script is meant.
usage: make_hugging_face.py FOLDER        needs: torch, safetensors, tokenizers, transformers
"""
import json
import pathlib
import sys

import torch
from safetensors.torch import save_file
from scripted import END, SCRIPTS, TURN, successors, template
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

CHOICES = {f"<|{name}|>": pieces[0] for name, pieces in SCRIPTS.items()}


def tokenizer() -> PreTrainedTokenizerFast:
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    plain = Tokenizer(models.BPE(vocab={letter: number for number, letter in enumerate(letters)}, merges=[]))
    plain.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    plain.decoder = decoders.ByteLevel()
    plain.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in (TURN, END, *CHOICES)])
    pieces = [piece for script in SCRIPTS.values() for piece in script]
    plain.add_tokens([AddedToken(piece, special=False, normalized=False) for piece in pieces])
    made = PreTrainedTokenizerFast(tokenizer_object=plain, eos_token=END, pad_token=END)
    made.chat_template = template(chooses=True)
    return made


def weights(known: PreTrainedTokenizerFast, width: int) -> dict[str, torch.Tensor]:
    index = known.get_vocab()
    after = successors(list(SCRIPTS.values())) | CHOICES
    follows = {index[a]: index[b] for a, b in after.items()}
    last = torch.zeros(len(known), width)
    for token in range(len(known)):
        last[follows.get(token, index[SCRIPTS["say"][0]]), token] = 3.0
    block = "model.layers.0."
    return {
        "model.embed_tokens.weight": torch.eye(len(known), width),
        "lm_head.weight": last,
        "model.norm.weight": torch.ones(width),
        block + "input_layernorm.weight": torch.ones(width),
        block + "post_attention_layernorm.weight": torch.ones(width),
        **{block + f"self_attn.{part}_proj.weight": torch.zeros(width, width) for part in "qkvo"},
        **{block + f"mlp.{part}_proj.weight": torch.zeros(64, width) for part in ("gate", "up")},
        block + "mlp.down_proj.weight": torch.zeros(width, 64),
    }


def main(folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    known = tokenizer()
    known.save_pretrained(folder)
    width = -(-len(known) // 64) * 64
    save_file(weights(known, width), folder / "model.safetensors", metadata={"format": "pt"})
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": len(known),
        "hidden_size": width,
        "intermediate_size": 64,
        "num_hidden_layers": 1,
        "num_attention_heads": width // 64,
        "num_key_value_heads": width // 64,
        "head_dim": 64,
        "max_position_embeddings": 4096,
        "rms_norm_eps": 1e-5,
        "hidden_act": "silu",
        "tie_word_embeddings": False,
        "eos_token_id": known.convert_tokens_to_ids(END),
        "torch_dtype": "float32",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
