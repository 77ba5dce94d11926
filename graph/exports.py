"""A neighbourhood as a file: JSON and GraphML for programs, SVG for documents."""

import xml.etree.ElementTree as ET
from collections.abc import Collection
from typing import Any

from django.template.loader import render_to_string

from graph.nodes import Key, Neighbourhood, Node
from graph.picture import draw

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
NODE_FIELDS = ("label", "kind", "url")
EDGE_FIELDS = ("reason",)


def to_json(around: Neighbourhood, site_url: str) -> dict[str, Any]:
    """The focus, the nodes with their reasons, and the edges, as plain values; addresses are whole."""
    return {
        "focus": {"id": str(around.focus), "label": around.label, "url": site_url + around.url},
        "nodes": [node_to_json(node, site_url) for node in around.nodes],
        "edges": [{"source": source, "target": target, "reason": why} for source, target, why in list_edges(around)],
    }


def node_to_json(node: Node, site_url: str) -> dict[str, Any]:
    """One node with the works that are evidence for it."""
    return {
        "id": str(node.key),
        "kind": node.kind,
        "label": node.label,
        "url": node.url and site_url + node.url,
        "reason": node.reason,
        "nearness": round(node.nearness, 3),
        "evidence": [{"title": work.title, "url": site_url + work.url, "year": work.year} for work in node.evidence],
    }


def to_elements(around: Neighbourhood, opened: Collection[Key]) -> dict[str, Any]:
    """What the picture that a reader can move needs: nodes, the focus first, and edges; addresses within the site."""
    middle = Node(around.focus, around.label, around.url, "the focus", 1, 1)
    nodes = [
        {
            "id": str(node.key),
            "kind": node.kind,
            "label": node.label,
            "url": node.url,
            "reason": node.reason,
            "weight": round(node.weight, 3),
            "nearness": round(node.nearness, 3),
            "via": node.via and str(node.via),
            "open": node.key in opened,
        }
        for node in (middle, *around.nodes)
    ]
    edges = [{"source": source, "target": target, "reason": reason} for source, target, reason in list_edges(around)]
    return {"nodes": nodes, "edges": edges}


def list_edges(around: Neighbourhood) -> list[tuple[str, str, str]]:
    """Every edge as source, target and reason; the ones from the focus first."""
    spokes = [(str(around.focus), str(node.key), node.reason) for node in around.nodes if node.via is None]
    return [*spokes, *((str(link.start), str(link.end), link.reason) for link in around.links)]


def to_graphml(around: Neighbourhood, site_url: str) -> bytes:
    """GraphML, which Gephi, yEd, igraph and networkx read."""
    root = ET.Element("graphml", xmlns=GRAPHML)
    for field in NODE_FIELDS:
        ET.SubElement(root, "key", {"id": field, "for": "node", "attr.name": field, "attr.type": "string"})
    for field in EDGE_FIELDS:
        ET.SubElement(root, "key", {"id": field, "for": "edge", "attr.name": field, "attr.type": "string"})
    graph = ET.SubElement(root, "graph", id="slice", edgedefault="undirected")
    add_node(graph, str(around.focus), around.label, around.focus.kind, site_url + around.url)
    for node in around.nodes:
        add_node(graph, str(node.key), node.label, node.kind, node.url and site_url + node.url)
    for source, target, reason in list_edges(around):
        edge = ET.SubElement(graph, "edge", source=source, target=target)
        ET.SubElement(edge, "data", key="reason").text = reason
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def add_node(graph: ET.Element, name: str, *values: str) -> None:
    """One node of GraphML with its fields."""
    element = ET.SubElement(graph, "node", id=name)
    for field, value in zip(NODE_FIELDS, values, strict=True):
        ET.SubElement(element, "data", key=field).text = without_controls(value)


def without_controls(text: str) -> str:
    """XML has no place for control characters, not even escaped."""
    return "".join(character for character in text if character.isprintable() or character in "\n\t")


def to_svg(around: Neighbourhood) -> str:
    """The wide picture as a document of its own, with its own colours; LookupError when there is nothing to draw."""
    pictures = draw(around)
    if not pictures:
        raise LookupError("There is nothing to draw")
    return render_to_string("graph/picture.svg", {"picture": pictures[0]})
