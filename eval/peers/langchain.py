"""Referent beside LangChain with Chroma: the same texts, the same Ollama model.

LangChain as its tutorials set it up: RecursiveCharacterTextSplitter with 1,000 characters,
200 overlapping (the splitter's own default of 4,000 overflows the 512 tokens of e5-small,
and Ollama answers 400), OllamaEmbeddings without prefixes, Chroma in memory,
similarity_search. A chunk is counted as the article that most of it belongs to,
and, more kindly, as every article that it touches.

  python langchain.py ACTS… --questions FILE.json [--model referent-e5] > out.json

FILE.json is an out.json of `referent eval run`: its questions with gold.
"""
import argparse, json, re, statistics, sys, time
from pathlib import Path

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_ollama import OllamaEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

HEADING = re.compile(r"^## Art\. (\S+?)\.?$", re.M)


def articles(text, start, end):
    """Articles that the span [start, end) touches, with how much of it each has."""
    marks = [(m.start(), m.group(1)) for m in HEADING.finditer(text)]
    touched = {}
    for i, (at, article) in enumerate(marks):
        until = marks[i + 1][0] if i + 1 < len(marks) else len(text)
        overlap = min(end, until) - max(start, at)
        if overlap > 0:
            touched[article] = overlap
    return touched


def load(paths, splitter):
    chunks = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        act = path.name.split("_")[0].replace("-", "/")
        for piece in splitter.create_documents([text]):
            start = piece.metadata["start_index"]
            touched = articles(text, start, start + len(piece.page_content))
            ordered = sorted(touched, key=lambda a: -touched[a])
            chunks.append(Document(piece.page_content, metadata={"act": act, "articles": " ".join(ordered)}))
    return chunks


def names(hits, every):
    """The ranking of articles, each once: that of most of a chunk, or every one it touches."""
    ranking = []
    for hit in hits:
        found = hit.metadata["articles"].split()
        for article in found if every else found[:1]:
            name = f'{hit.metadata["act"]}#{article}'
            if name not in ranking:
                ranking.append(name)
    return ranking


def recall(ranking, gold, k):
    return sum(g in ranking[:k] for g in gold) / len(gold)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("acts", nargs="+", type=Path)
    parser.add_argument("--questions", required=True, type=Path)
    parser.add_argument("--model", default="referent-e5")
    parser.add_argument("--chunk-size", type=int, default=1000)
    parser.add_argument("--overlap", type=int, default=200)
    options = parser.parse_args()

    run = json.loads(options.questions.read_text(encoding="utf-8"))
    splitter = RecursiveCharacterTextSplitter(chunk_size=options.chunk_size, chunk_overlap=options.overlap, add_start_index=True)
    chunks = load(options.acts, splitter)
    acts = {c.metadata["act"] for c in chunks}
    began = time.time()
    store = Chroma.from_documents(chunks, OllamaEmbeddings(model=options.model))
    embedded = time.time() - began
    print(f"{len(chunks)} chunks of {len(acts)} acts in {embedded:.0f} s", file=sys.stderr)

    groups, took = {}, []
    for question in run["questions"]:
        if not question["gold"] or any(g.get("act") not in acts for g in question["gold"]):
            continue
        gold = sorted({f'{g["act"]}#{article(g["unit"])}' for g in question["gold"]})
        began = time.time()
        hits = store.similarity_search(question["question"], k=5)
        took.append((time.time() - began) * 1000)
        ours = [h["name"] for h in question["hits"]]
        row = [recall(names(hits, False), gold, 5), recall(names(hits, True), gold, None), recall(ours, gold, 5)]
        for group in {question["set"], f'{question["set"]}/{question.get("style", "")}'}:
            groups.setdefault(group, []).append(row)
    report = {
        "chunks": len(chunks), "acts": sorted(acts), "embedding_s": round(embedded, 1),
        "langchain_p50_ms": statistics.median(took), "referent_p50_ms": run["latency"]["p50_ms"],
        "recall@5": {
            group: {"n": len(rows), "langchain": mean(rows, 0), "langchain_any_article_of_5_chunks": mean(rows, 1), "referent": mean(rows, 2)}
            for group, rows in sorted(groups.items())
        },
    }
    json.dump(report, sys.stdout, ensure_ascii=False, indent=1)


def article(unit):
    return re.match(r"(?:art\.|§) (\S+)", unit).group(1)


def mean(rows, column):
    return round(sum(r[column] for r in rows) / len(rows), 4)


if __name__ == "__main__":
    main()
