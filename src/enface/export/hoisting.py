"""What is the same in every round of a loop is computed once, before it.

PyTorch's exporter leaves in a loop's body all that the loop's function says: sizes, masks and ranges of numbers that no
round changes, transposed weights and keys. ONNX Runtime would compute them again at every step of a search.
"""

from onnxscript import ir


def hoist(graph: ir.Graph) -> None:
    """Moves out of each loop in `graph` the nodes that see nothing of what changes in it.

    The sizes of what a loop carries count as not changing: those that do are never asked for (`enface.model.state`).
    """
    for loop in [node for node in graph if node.op_type == "Loop"]:
        body = loop.attributes["body"].as_graph()
        _ask_sizes_outside(loop, body)
        outputs = set(body.outputs)
        changing = {*body.inputs, *(value for node in body for value in node.outputs)}
        for number, node in enumerate(list(body)):
            if changing.isdisjoint(node.inputs) and outputs.isdisjoint(node.outputs):
                body.remove(node)
                graph.insert_before(loop, node)
                changing.difference_update(node.outputs)
                _rename(node, f"before_{loop.name}_{number}")


def _ask_sizes_outside(loop: ir.Node, body: ir.Graph) -> None:
    """Asks for the size of what goes into the loop instead of what each round is given."""
    first = dict(zip(body.inputs[2:], loop.inputs[2:], strict=True))  # before them: number of the round, condition
    for node in body:
        if node.op_type == "Shape" and node.inputs[0] in first:
            node.replace_input_with(0, first[node.inputs[0]])


def _rename(node: ir.Node, name: str) -> None:
    """A name that is free outside: those of a body may recur there."""
    node.name = name
    for number, value in enumerate(node.outputs):
        value.name = f"{name}_{number}"
