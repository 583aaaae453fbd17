"""Builds the three smallest models that sherpa-onnx loads and decodes: they hear loudness, not words.

Quiet sound is 你, loud sound is 好, silence is nothing. The graphs have the real ones' inputs, outputs, states and
metadata. Needs the package onnx, which the product does not; run it in an environment of its own:

    python tests/contract/data/sherpa/build.py
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent
FLOAT, INT32, INT64 = TensorProto.FLOAT, TensorProto.INT32, TensorProto.INT64
FEATURES, STACKED = 80, 560  # mel bands; seven frames of them


def tensor(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def constant(name, values, kind=np.float32):
    return numpy_helper.from_array(np.asarray(values, kind), name)


def save(path, nodes, ends, constants, metadata):
    inputs, outputs = ends
    graph = helper.make_graph(nodes, path.stem, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    for key, value in metadata.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, str(value)
    onnx.checker.check_model(model)
    path.parent.mkdir(exist_ok=True)
    onnx.save(model, path)


def tokens(folder, symbols):
    text = "".join(f"{symbol} {number}\n" for number, symbol in enumerate(symbols))
    (HERE / folder / "tokens.txt").write_text(text, encoding="utf-8")


def scores(size, said, heard, louder):
    """Weights and biases of a linear score for each token of the mean log energy: nothing wins below `heard`, the
    first of `said` between, the second above `louder`."""
    weights, biases = np.zeros(size), np.full(size, -1e4)
    biases[0] = 0.0
    weights[said[0]], biases[said[0]] = 1.0, -heard
    weights[said[1]], biases[said[1]] = 2.0, -heard - louder
    return constant("weights", weights.reshape(1, 1, -1)), constant("biases", biases.reshape(1, 1, -1))


def energy(source):
    return [
        helper.make_node("ReduceMean", [source], ["energy"], axes=[2], keepdims=1),
        helper.make_node("Mul", ["energy", "weights"], ["weighed"]),
        helper.make_node("Add", ["weighed", "biases"], ["scores"]),
    ]


def sense_voice(heard, louder):
    symbols = ["<blank>", "<|zh|>", "<|NEUTRAL|>", "<|Speech|>", "<|woitn|>", "你", "好"]
    lead = np.full((1, 4, len(symbols)), -1e4, np.float32)
    lead[0, range(4), range(1, 5)] = 1.0
    save(
        HERE / "tiny-sense-voice" / "model.onnx",
        [*energy("x"), helper.make_node("Concat", ["lead", "scores"], ["logits"], axis=1)],
        (
            [
                tensor("x", FLOAT, [1, "T", STACKED]),
                *(tensor(n, INT32, [1]) for n in ("x_length", "language", "text_norm")),
            ],
            [tensor("logits", FLOAT, [1, "L", len(symbols)])],
        ),
        [*scores(len(symbols), (5, 6), heard, louder), constant("lead", lead)],
        {
            "model_type": "sense_voice_ctc", "comment": "hears loudness", "vocab_size": len(symbols),
            "lfr_window_size": 7, "lfr_window_shift": 6, "normalize_samples": 0, "with_itn": 14, "without_itn": 15,
            **{f"lang_{name}": number for number, name in enumerate(("auto", "zh", "en", "ja", "ko", "yue"))},
            "neg_mean": ",".join(["0"] * STACKED), "inv_stddev": ",".join(["1"] * STACKED),
        },
    )  # fmt: skip
    tokens("tiny-sense-voice", symbols)


def paraformer(heard, louder):
    symbols, size, kernel = ["<blank>", "<s>", "</s>", "你", "好", "<unk>"], 4, 3
    folder = HERE / "tiny-paraformer"
    save(
        folder / "encoder.onnx",
        [
            helper.make_node("ReduceMean", ["speech"], ["energy"], axes=[2], keepdims=1),
            helper.make_node("Expand", ["energy", "wide"], ["enc"]),
            helper.make_node("Identity", ["speech_lengths"], ["enc_len"]),
            helper.make_node("ReduceMean", ["speech"], ["flat"], axes=[2], keepdims=0),
            helper.make_node("Greater", ["flat", "heard"], ["voiced"]),
            helper.make_node("Where", ["voiced", "rate", "none"], ["alphas"]),
        ],
        (
            [tensor("speech", FLOAT, [1, "T", STACKED]), tensor("speech_lengths", INT32, [1])],
            [tensor("enc", FLOAT, [1, "T", size]), tensor("enc_len", INT32, [1]), tensor("alphas", FLOAT, [1, "T"])],
        ),
        [
            constant("wide", [1, 1, size], np.int64), constant("heard", heard),
            constant("rate", 0.2), constant("none", 0.0),
        ],
        {
            "model_type": "paraformer", "vocab_size": len(symbols), "lfr_window_size": 7, "lfr_window_shift": 6,
            "encoder_output_size": size, "decoder_num_blocks": 1, "decoder_kernel_size": kernel,
            "neg_mean": ",".join(["0"] * STACKED), "inv_stddev": ",".join(["0.5"] * STACKED),
        },
    )  # fmt: skip
    save(
        folder / "decoder.onnx",
        [
            helper.make_node("ReduceMean", ["acoustic_embeds"], ["mean"], axes=[2], keepdims=1),
            helper.make_node("Mul", ["mean", "weights"], ["weighed"]),
            helper.make_node("Add", ["weighed", "biases"], ["logits"]),
            helper.make_node("ArgMax", ["logits"], ["sample_ids"], axis=2, keepdims=0),
            helper.make_node("Identity", ["in_cache_0"], ["out_cache_0"]),
        ],
        ([
            tensor("enc", FLOAT, [1, "T", size]), tensor("enc_len", INT32, [1]),
            tensor("acoustic_embeds", FLOAT, [1, "L", size]), tensor("acoustic_embeds_len", INT32, [1]),
            tensor("in_cache_0", FLOAT, [1, size, kernel - 1]),
        ],
        [
            tensor("logits", FLOAT, [1, "L", len(symbols)]), tensor("sample_ids", INT64, [1, "L"]),
            tensor("out_cache_0", FLOAT, [1, size, kernel - 1]),
        ]),
        list(scores(len(symbols), (3, 4), heard - 100.0, louder)),
        {},
    )  # fmt: skip
    tokens("tiny-paraformer", symbols)


def transducer(heard, louder):
    """Says 你, 好 or 你好: after 你 the decoder takes 你 away, after 好 both."""
    symbols, chunk, hidden = ["<blk>", "你", "好", "<unk>"], 9, 2
    folder = HERE / "tiny-zipformer"
    save(
        folder / "encoder.onnx",
        [
            *energy("x"),
            helper.make_node("Slice", ["scores", "zero", "end", "one", "four"], ["encoder_out"]),
            helper.make_node("Identity", ["h0"], ["next_h0"]),
            helper.make_node("Identity", ["c0"], ["next_c0"]),
        ],
        ([tensor("x", FLOAT, ["N", chunk, FEATURES]), *(tensor(n, FLOAT, [1, "N", hidden]) for n in ("h0", "c0"))],
        [
            tensor("encoder_out", FLOAT, ["N", "S", len(symbols)]),
            *(tensor(n, FLOAT, [1, "N", hidden]) for n in ("next_h0", "next_c0")),
        ]),
        [
            *scores(len(symbols), (1, 2), heard, louder),
            constant("zero", [0], np.int64), constant("end", [chunk - 1], np.int64),
            constant("one", [1], np.int64), constant("four", [4], np.int64),
        ],
        {
            "model_type": "lstm", "num_encoder_layers": 1, "T": chunk, "decode_chunk_len": 8,
            "rnn_hidden_size": hidden, "d_model": hidden,
        },
    )  # fmt: skip
    save(
        folder / "decoder.onnx",
        [
            helper.make_node("Slice", ["y", "last", "end", "one"], ["previous"]),
            helper.make_node("Squeeze", ["previous", "one"], ["index"]),
            helper.make_node("Gather", ["taken", "index"], ["decoder_out"], axis=0),
        ],
        ([tensor("y", INT64, ["N", 2])], [tensor("decoder_out", FLOAT, ["N", len(symbols)])]),
        [
            constant("last", [-1], np.int64), constant("end", [2**31], np.int64), constant("one", [1], np.int64),
            constant("taken", [[0, 0, 0, 0], [0, -1e4, 0, 0], [0, -1e4, -1e4, 0], [0, 0, 0, 0]]),
        ],
        {"vocab_size": len(symbols), "context_size": 2},
    )  # fmt: skip
    save(
        folder / "joiner.onnx",
        [helper.make_node("Add", ["encoder_out", "decoder_out"], ["logit"])],
        (
            [tensor(n, FLOAT, ["N", len(symbols)]) for n in ("encoder_out", "decoder_out")],
            [tensor("logit", FLOAT, ["N", len(symbols)])],
        ),
        [],
        {"joiner_dim": len(symbols)},
    )
    tokens("tiny-zipformer", symbols)


if __name__ == "__main__":
    sense_voice(heard=5.0, louder=18.0)
    paraformer(heard=5.0, louder=18.0)
    transducer(heard=-10.0, louder=-2.0)
