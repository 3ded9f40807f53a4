"""What /predict and V1 must answer row by row: README.md and docs/api.md of the repository say in which form."""

import numpy as np

from answers.expectations import json_differs, nested, same_scalar


def row_of(array, axis, row):
    """A row of an output as JSON: a value where there is one, else nested lists; the whole output where no axis counts rows."""
    if axis is None:
        return nested(array)
    part = np.take(array, [row], axis)
    return part.ravel()[0] if part.size == 1 else nested(part.squeeze(axis))


class Rows:
    """Judges the predictions of one model; `alike` compares two numbers or texts."""

    def __init__(self, model, outputs, alike=same_scalar):
        self._model = model
        self._outputs = outputs
        self._alike = alike

    def v1_differs(self, expected, predictions, rows):
        if not isinstance(predictions, list) or len(predictions) != rows:
            return f"{str(predictions)[:120]} are not {rows} predictions"
        for row, given in enumerate(predictions):
            parts = {name: self._forms(name, array, row) for name, array in expected.items()}
            if len(parts) == 1:
                given = {next(iter(parts)): given}
            if not isinstance(given, dict) or set(given) != set(parts):
                return f"[{row}] has {list(given)[:9] if isinstance(given, dict) else given}, not {list(parts)}"
            for name, right in parts.items():
                found = [json_differs(form, given[name], self._alike) for form in right]
                if all(found):
                    return f"[{row}].{name}: {found[0]}"
        return None

    def _forms(self, name, array, row):
        """The forms that a row of an output may have."""
        if self._outputs.by_target(name):
            return [[nested(each[row]) for each in array]]
        if isinstance(array, list):
            return [[nested(each) for each in array]]
        if self._outputs.fixed() and array.ndim > 0 and row < array.shape[0]:
            return [row_of(array, 0, row), nested(array)]
        form = row_of(array, self._outputs.row_axis(name), row)
        keys, meaning = self._outputs.keys(name), self._model.meaning
        if meaning and meaning.position and name == meaning.label:
            return [np.asarray(meaning.classes[int(form)])[()]]
        if keys is not None:
            return [dict(zip(keys, form if isinstance(form, list) else [form]))]
        if meaning and name == meaning.scores and meaning.classes and isinstance(form, list):
            return [form, dict(zip(meaning.classes, form))]
        return [form]

    def predict_differs(self, expected, predictions, rows):
        if not isinstance(predictions, list) or len(predictions) != rows:
            return f"{str(predictions)[:120]} are not {rows} predictions"
        for row, given in enumerate(predictions):
            found = self._class_differs(expected, given, row) if self._model.meaning and self._model.meaning.classes else self._values_differ(expected, given, row)
            if found:
                return f"[{row}] {found}: {str(given)[:300]}"
        return None

    def _class_differs(self, expected, given, row):
        """A classifier whose framework tells what the outputs mean."""
        meaning = self._model.meaning
        label = row_of(expected[meaning.label], self._axis(meaning.label), row)
        scores = row_of(expected[meaning.scores], self._axis(meaning.scores), row)
        scores = scores if isinstance(scores, list) else [scores]
        if meaning.position:
            label = meaning.classes[int(label)]
        if not same_or_equal(label, given.get("prediction")):
            return f"prediction is {given.get('prediction')!r}, not {label!r}"
        if "class" in given and given["class"] != str(label):
            return f"class is {given['class']!r}, not {str(label)!r}"
        if len(scores) != len(meaning.classes):
            return "confidence without probabilities" if "confidence" in given else None
        named = dict(zip(map(str, meaning.classes), scores))
        field = "probabilities" if meaning.probabilities else "scores"
        if field not in given:
            return f"no {field}"
        if set(given[field]) != set(named):
            return f"{field} are keyed by {list(given[field])}, not by {list(named)}"
        for name, value in named.items():
            if not self._alike(value, given[field][name]):
                return f"{field}[{name!r}] is {given[field][name]!r}, not {value!r}"
        own = named.get(str(label)) if meaning.probabilities else None
        if own is None and "confidence" in given:
            return "confidence, where there is no probability of the predicted class"
        if own is not None and not self._alike(own, given.get("confidence")):
            return f"confidence is {given.get('confidence')!r}, not {own!r}"
        return None

    def _axis(self, name):
        """Of a classifier's output: where a model was asked for one number of rows only, the first."""
        axis = self._outputs.row_axis(name)
        return 0 if axis is None else axis

    def _values_differ(self, expected, given, row):
        """Any other model: every output is there, nothing is made up."""
        known = {"prediction", "class", "probabilities", "scores", "confidence", "outputs"}
        if not isinstance(given, dict) or set(given) - known:
            return "unknown fields"
        places = dict(given.get("outputs", {}))
        for name, array in expected.items():
            forms = self._forms(name, array, row)
            found = [given[field] for field in ("prediction", "probabilities", "scores") if field in given] + ([places[name]] if name in places else [])
            found += [list(each.values()) for each in found if isinstance(each, dict)]
            found += [each[0] for each in found if isinstance(each, list) and len(each) == 1]
            if all(json_differs(form, each, self._alike) for form in forms for each in found):
                return f"output {name} is not {str(forms[0])[:150]}"
        if self._model.meaning is not None and "confidence" in given:
            return "confidence, where the file holds none"
        if any(isinstance(given.get(field), dict) and len(given[field]) == 1 for field in ("probabilities", "scores")):
            return "a name for a single score"
        if "confidence" in given and given["confidence"] not in given.get("probabilities", {}).values():
            return "confidence that is no probability"
        return None


def same_or_equal(label, given):
    return given == label if isinstance(label, str) else same_scalar(label if isinstance(label, np.generic) else np.int64(label), given)
