"""What becomes of machine-readable zones: exact, accepted but wrong, absent; by kind of document.

    python3 tools/ocrb/measure.py target/release/complet [FOLDER of made dossiers]

Reads the shared samples whose zone is known and, when the folder is given, made dossiers beside their
NAME.truth.json. Accepted means: the program would rely on it (valid, confidence 0.6 and more).
"""

import collections
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SURE = 0.6


def read(program, path):
    out = subprocess.run([program, "inspect", str(path), "--format", "json"], capture_output=True, text=True)
    return json.loads(out.stdout)["documents"] if out.stdout else []


def samples():
    folder = ROOT.parent / "shared" / "samples"
    if not (folder / "manifest.json").exists():
        folder = ROOT / ".." / ".." / "shared" / "samples"
    for entry in json.loads((folder / "manifest.json").read_text()):
        zone = entry["fields"].get("mrz")
        if zone and not entry.get("mirrored"):
            yield folder / entry["file"], entry["doc_type"], zone, entry["fields"]["mrz_checks_ok"]


def made(folder):
    for truth in sorted(folder.glob("*.truth.json")):
        for path, zone, kind in zones_of(json.loads(truth.read_text())):
            file = folder / truth.name.removesuffix(".truth.json") / path
            if file.suffix.lower() in (".jpg", ".png") and file.exists():
                yield file, f"made {kind}", zone, True


def zones_of(truth):
    for file in truth["files"]:
        for document in file["documents"]:
            zone = document["fields"].get("mrz")
            if zone and len(file["documents"]) == 1:
                yield file["path"], zone, f"{document['type']}, {file['capture']}"


def main():
    program = sys.argv[1]
    work = list(samples())
    if len(sys.argv) > 2:
        work += list(made(pathlib.Path(sys.argv[2])))
    table = collections.defaultdict(collections.Counter)
    for path, kind, truth, right_digits in work:
        best = None
        for document in read(program, path):
            field = document["fields"].get("mrz")
            if field and (best is None or field["confidence"] > best["confidence"]):
                best = field
        row = table[kind]
        row["all"] += 1
        exact = best is not None and best["value"] == truth
        accepted = best is not None and best["valid"] and best["confidence"] >= SURE
        row["exact"] += exact
        row["absent"] += best is None
        row["accepted"] += accepted
        row["accepted, wrong"] += accepted and not exact
        row["printed wrong, told"] += exact and not right_digits and not best["valid"]
        if not exact or (accepted and not right_digits):
            print(path.name, "accepted" if accepted else "", best and (best["value"], best["valid"], best["confidence"]), truth)
    columns = ["all", "exact", "absent", "accepted", "accepted, wrong", "printed wrong, told"]
    print("| kind | " + " | ".join(columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for kind, row in sorted(table.items()):
        print(f"| {kind} | " + " | ".join(str(row[c]) for c in columns) + " |")


if __name__ == "__main__":
    main()
