"""Asks ONNX Runtime what the image classifier says about the photographs, prepared by Pillow, and exits 1 when it is not what the
samples promise. The numbers in README.md come from here; the server's must be the same.

verify.py [FOLDER]   the folder that build.py wrote (default target/image-model)
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

import build


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else build.OUT
    session = onnxruntime.InferenceSession(folder / build.MODEL, providers=["CPUExecutionProvider"])
    metadata = session.get_modelmeta().custom_metadata_map
    classes, image = json.loads(metadata["classes"]), json.loads(metadata["image"])
    mean, std = np.float32(image["mean"]), np.float32(image["std"])
    answers = {}
    for path in [folder / "coffee.png", build.HERE / "coffee.jpg", folder / "camera.png", folder / "chelsea.png"]:
        pixels = Image.open(path).convert("RGB").resize((build.SIZE, build.SIZE), Image.Resampling.BICUBIC)
        tensor = ((np.asarray(pixels, np.float32) - mean) / std).transpose(2, 0, 1)[None]
        answers[path.name] = session.run(None, {"image": tensor})[0][0]
        best = np.argsort(-answers[path.name])[:5]
        print(path.name, ", ".join(f"{index} {classes[index]} {answers[path.name][index]:.4f}" for index in best))
    promises = {
        "coffee.png is espresso (967) with 0.90": abs(answers["coffee.png"][967] - 0.90) < 0.01,
        "coffee.jpg is espresso (967) with 0.90": abs(answers["coffee.jpg"][967] - 0.90) < 0.01,
        "camera.png is a tripod (872) with 0.95": abs(answers["camera.png"][872] - 0.95) < 0.01,
        "chelsea.png is a cat (281 to 285) with 0.95": abs(answers["chelsea.png"][281:286].sum() - 0.95) < 0.01,
    }
    for promise, kept in promises.items():
        print("kept:  " if kept else "BROKEN:", promise)
    return 0 if all(promises.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
