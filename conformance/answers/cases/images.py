"""Pictures (item 28)."""

import io
import json

import numpy as np
from PIL import Image

from answers.cases import case, outcome, refused, served
from answers.graphs import FLOAT, model, node, tensor
from answers.protocols import prediction

IDENTITY = [node("Identity", "image", "y")], [tensor("image", FLOAT, [1, 3, 64, 64])], [tensor("y", FLOAT, [1, 3, 64, 64])]


def picture(kind, mode="RGB", size=(160, 90)):
    out = io.BytesIO()
    Image.new(mode, size, (200, 100, 50, 0)[: len(mode)]).save(out, kind)
    return out.getvalue()


def ask(client, content, kind):
    return prediction(client.post("/predict", content, {"Content-Type": kind}))


@case(28, "fit: letterbox, a photograph of 16:9", "36 rows of picture between two bars of 14; what YOLO exports expect")
def letterbox():
    content = model(*IDENTITY, metadata={"image": json.dumps({"fit": "letterbox", "scale": 1})})

    def ok(answer):
        text = answer.get("prediction") or next(iter(answer["outputs"].values()))
        red = np.array(text).reshape(3, 64, 64)[0]
        return (red[14:50] == 200).all() and len(set(red[:14].ravel().tolist())) == 1 and red[0, 0] != 200 and (red[50:] == red[0, 0]).all()

    with served(content) as client:
        return [outcome("a PNG of 160 x 90", lambda: ask(client, picture("PNG"), "image/png"), ok)]


@case(28, "WebP, BMP, HEIC and CMYK JPEG", "decoded, or 400 with the format's name")
def formats():
    heic = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + bytes(64)
    bodies = {
        ("WebP", "image/webp"): picture("WEBP"),
        ("BMP", "image/bmp"): picture("BMP"),
        ("HEIC", "image/heic"): heic,
        ("CMYK", "image/jpeg"): picture("JPEG", "CMYK"),
    }
    content = model(*IDENTITY, metadata={"image": json.dumps({"scale": 1})})
    outcomes = []
    with served(content) as client:
        for (name, kind), body in bodies.items():
            for sent in (kind, "image/jpeg"):
                outcomes.append(outcome(f"{name} as {sent}", lambda sent=sent, body=body: ask(client, body, sent), lambda a, name=name: isinstance(a, dict) or refused(400, name)(a)))
    return outcomes
