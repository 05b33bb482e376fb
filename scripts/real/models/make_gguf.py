"""Makes a model of some megabytes for llama.cpp that answers every prompt with one script, at temperature 0.

One layer that adds nothing, one-hot embeddings, and a last matrix that holds the successor of each token.
usage: make_gguf.py FILE say|think|call        needs: gguf, numpy
"""
import sys

import gguf
import numpy as np
from scripted import END, SCRIPTS, TURN, successors, template

NORMAL, UNKNOWN, CONTROL, OWN, BYTE = 1, 2, 3, 4, 6


def vocabulary(pieces: list[str]) -> list[tuple[str, int, float]]:
    fixed = [("<unk>", UNKNOWN), ("<s>", CONTROL), ("</s>", CONTROL), (TURN, CONTROL), (END, CONTROL), ("<think>", OWN), ("</think>", OWN)]
    rows = [(text, kind, 0.0) for text, kind in fixed]
    rows += [(f"<0x{byte:02X}>", BYTE, 0.0) for byte in range(256)]
    rows += [(spaced(chr(code)), NORMAL, -100.0) for code in range(32, 127)]
    known = {text for text, _, _ in rows}
    return rows + [(spaced(piece), NORMAL, -1000.0) for piece in pieces if piece not in known]


def spaced(text: str) -> str:
    return text.replace(" ", "\u2581")


def weights(rows: list[tuple[str, int, float]], pieces: list[str]) -> dict[str, np.ndarray]:
    index = {text: number for number, (text, _, _) in enumerate(rows)}
    count, width = len(rows), -(-len(rows) // 64) * 64
    after = {index[spaced(a)]: index[spaced(b)] for a, b in successors([pieces]).items()}
    last = np.zeros((count, width), np.float32)
    for token in range(count):
        last[after.get(token, index[spaced(pieces[0])]), token] = 3.0
    nothing = {name: np.zeros((width, width), np.float32) for name in ("attn_q", "attn_k", "attn_v", "attn_output")}
    nothing |= {name: np.zeros((64, width), np.float32) for name in ("ffn_gate", "ffn_up")}
    nothing |= {"ffn_down": np.zeros((width, 64), np.float32)}
    ones = {name: np.ones(width, np.float32) for name in ("attn_norm", "ffn_norm")}
    return {
        "token_embd.weight": np.eye(count, width, dtype=np.float32),
        "output.weight": last,
        "output_norm.weight": np.ones(width, np.float32),
        **{f"blk.0.{name}.weight": tensor for name, tensor in (nothing | ones).items()},
    }


def main(file: str, script: str) -> None:
    pieces = SCRIPTS[script]
    rows = vocabulary(pieces)
    tensors = weights(rows, pieces)
    width = tensors["output_norm.weight"].shape[0]
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_name("scripted")
    writer.add_context_length(8192)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(64)
    writer.add_head_count(4)
    writer.add_head_count_kv(4)
    writer.add_rope_dimension_count(width // 4)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(rows))
    writer.add_file_type(0)
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text.encode() for text, _, _ in rows])
    writer.add_token_types([kind for _, kind, _ in rows])
    writer.add_token_scores([score for _, _, score in rows])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id([text for text, _, _ in rows].index(END))
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(template())
    for name, tensor in tensors.items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
