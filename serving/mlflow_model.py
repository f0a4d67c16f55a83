"""The bundle as an MLflow model: what MLflow runs when it loads `models:/enface@champion`.

MLflow executes this file by its path and takes the object that `set_model` names, so nothing else may import it.
How the model is registered stands in enface.tracking.registry; how it translates in enface.inference.
"""

import json
from typing import Any

from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel
from pandas import DataFrame

from enface.errors import RequestError
from enface.inference.options import TranslateOptions
from enface.inference.translator import Translator


class TranslatorModel(PythonModel):
    """Translates the column `text`; the parameters are the options of an HTTP request, a glossary as its JSON text."""

    def load_context(self, context: Any) -> None:
        """Opens the bundle among the model's files."""
        self._translator = Translator(context.artifacts["bundle"])

    def predict(self, context: Any, model_input: DataFrame, params: dict[str, Any] | None = None) -> DataFrame:
        """One row a text: `text` is the translation, `answer` the HTTP answer's entry for it as JSON."""
        given = {name: value for name, value in (params or {}).items() if value is not None}
        if "glossary" in given:
            given["glossary"] = _parsed(given["glossary"])
        translations = self._translator.translate(list(model_input["text"]), TranslateOptions(**given))
        answers = [json.dumps(translation.to_dict(), ensure_ascii=False) for translation in translations]
        return DataFrame({"text": [translation.text for translation in translations], "answer": answers})


def _parsed(glossary: str) -> Any:
    try:
        return json.loads(glossary)
    except ValueError as error:
        raise RequestError(f'glossary: not JSON: {error}; need a text such as {{"terms": {{"dog": "Hund"}}}}') from None


set_model(TranslatorModel())
