"""Prints what pyshacl finds: a line a result, file, focus, path, constraint, severity, value.

usage: pyshacl_results.py SHAPES.ttl DATA.ttl ...
A file that rdflib cannot read gives one line, file and "unreadable".
"""
import os
import sys

import pyshacl
from rdflib import Graph, Namespace, RDF, URIRef, BNode

SH = Namespace("http://www.w3.org/ns/shacl#")
shapes = Graph().parse(sys.argv[1], format="turtle")
# What owl:imports names lies on the network; the validator must not go there.
for triple in list(shapes.triples((None, URIRef("http://www.w3.org/2002/07/owl#imports"), None))):
    shapes.remove(triple)

# A property shape without a path says nothing; pyshacl ends at one, Referent passes over it.
for triple in list(shapes.triples((None, SH.property, None))):
    if shapes.value(triple[2], SH.path) is None:
        shapes.remove(triple)


def name(node):
    if node is None:
        return ""
    return "_" if isinstance(node, BNode) else str(node)


def results(path):
    try:
        data = Graph().parse(path, format="turtle", publicID="http://example.org/")
    except Exception:
        yield ["unreadable"]
        return
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", allow_warnings=True)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        where = report.value(result, SH.resultPath)
        component = str(report.value(result, SH.sourceConstraintComponent)).split("#")[1].removesuffix("ConstraintComponent")
        yield [
            name(report.value(result, SH.focusNode)),
            name(where),
            component[0].lower() + component[1:],
            str(report.value(result, SH.resultSeverity)).split("#")[1],
            name(report.value(result, SH.value)).replace("\n", " ").replace("\t", " "),
        ]


for path in sys.argv[2:]:
    for line in results(path):
        print("\t".join([os.path.basename(path), *line]))
