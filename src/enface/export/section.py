"""`export` of params.yaml."""

from pydantic import Field

from enface.bundle import SearchSettings
from enface.params import Section


class AlignmentSection(Section):
    """How the word alignment is chosen among what the model attends to, and linked."""

    sentences: int = Field(ge=1)  # validation pairs on which layers, heads and rows are compared
    link_threshold: float = Field(gt=0, le=1)  # weight from which a second source word is linked too


class ExportSection(Section):
    """What a bundle is given along with its graph, and how strictly the graph is compared with the model."""

    name: str = Field(min_length=1)
    ensemble: list[str]  # folders of other trained models, which translate together with this one
    search: SearchSettings
    alignment: AlignmentSection
    int8: bool  # also write the quantised graph
    parity_sentences: int = Field(ge=1)
    parity_tolerance: float = Field(gt=0)
