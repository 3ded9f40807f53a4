"""A scikit-learn model behind FastAPI; `fastapi_sklearn.py FILE` trains it."""

import os
import sys

import joblib
import numpy as np
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
model = joblib.load(os.environ["BENCH_MODEL"]) if "BENCH_MODEL" in os.environ else None


class Features(BaseModel):
    features: list[float]


def predict(features: Features) -> dict:
    probabilities = model.predict_proba(np.asarray([features.features]))[0]
    return {"prediction": int(probabilities.argmax()), "probabilities": probabilities.tolist()}


@app.post("/async")
async def predict_async(features: Features):
    return predict(features)


@app.post("/def")
def predict_def(features: Features):
    return predict(features)


if __name__ == "__main__":
    from sklearn.datasets import load_iris
    from sklearn.linear_model import LogisticRegression

    # the cheapest classifier there is: one that costs more would flatter us
    joblib.dump(LogisticRegression(max_iter=1000).fit(*load_iris(return_X_y=True)), sys.argv[1])
