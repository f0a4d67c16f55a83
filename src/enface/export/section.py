"""`export` of params.yaml."""

from pydantic import Field

from enface.bundle import AlignmentSettings, SearchSettings
from enface.params import Section


class ExportSection(Section):
    """What a bundle is given along with its graph, and how strictly the graph is compared with the model."""

    name: str = Field(min_length=1)
    search: SearchSettings
    alignment: AlignmentSettings
    int8: bool  # also write the quantised graph
    parity_sentences: int = Field(ge=1)
    parity_tolerance: float = Field(gt=0)
