#!/usr/bin/env python3
"""Compares the libraries of the packaged programs with known-vulnerabilities.txt.

  security/check_libraries.py [FOLDER...]         ends with 1 if one of them has a known vulnerability
  security/check_libraries.py --list [FOLDER...]  prints the libraries and their sizes

A folder is a Quarkus application; without one it is those of both programs. Libraries are read from the jars: from their names, and
from the Maven properties inside, which also name what is shaded into them.
"""

import argparse
import datetime
import re
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from versions import Ranges

HERE = Path(__file__).resolve().parent
PROGRAMS = [HERE.parent / module / "target" / "quarkus-app" for module in ("operator", "inference-server")]
PROPERTIES = re.compile(r"META-INF/maven/[^/]+/[^/]+/pom\.properties")
JAR = re.compile(r"(?P<name>.+?)-(?P<version>\d.*?)(-(linux|osx|windows)-[^-]+)?\.jar")


@dataclass(frozen=True)
class Vulnerability:
    library: str
    affected: Ranges
    ids: str
    summary: str

    def affects(self, library, version):
        group, _, artifact = self.library.partition(":")
        same = library.startswith(group + ":") if artifact == "*" else library == self.library
        return same and version in self.affected


@dataclass(frozen=True, order=True)
class Library:
    name: str
    version: str


def read_list(text):
    """Returns the vulnerabilities, the reasons of accepted ones by id, and the date at which the list was last looked over."""
    vulnerabilities, accepted, date = [], {}, None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("# Last looked over: "):
            date = datetime.date.fromisoformat(line.split(": ", 1)[1])
        if not line.strip() or line.startswith("#"):
            continue
        columns = re.split(r" {2,}", line.strip())
        if columns[0].startswith("accepted: ") and len(columns) == 2:
            accepted.update(dict.fromkeys(columns[0].removeprefix("accepted: ").split(", "), columns[1]))
            continue
        if len(columns) != 4 or ":" not in columns[0]:
            raise ValueError(f"line {number} does not have four columns, separated by two blanks: {line}")
        library, ranges, ids, summary = columns
        try:
            vulnerabilities.append(Vulnerability(library, Ranges(ranges), ids, summary))
        except ValueError as e:
            raise ValueError(f"line {number}: {e}") from e
    if date is None:
        raise ValueError("the list has no line \"# Last looked over: YYYY-MM-DD\"")
    return vulnerabilities, accepted, date


def libraries(jar, groups):
    """What a jar says it is, by its name and by the properties inside; both, if they differ."""
    found = set()
    match = JAR.fullmatch(jar.name)
    if match:
        # Quarkus writes GROUP.ARTIFACT-VERSION.jar; the artifact is what follows a known group, else the last part
        dotted, version = match["name"], match["version"]
        group = max((each for each in groups if dotted.startswith(each + ".")), key=len, default=dotted.rpartition(".")[0])
        found.add(Library(f"{group}:{dotted[len(group) + 1:]}", version))
    with zipfile.ZipFile(jar) as archive:
        for entry in archive.namelist():
            if PROPERTIES.fullmatch(entry):
                lines = archive.read(entry).decode("utf-8", "replace").splitlines()
                values = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
                if {"groupId", "artifactId", "version"} <= values.keys():
                    found.add(Library(f"{values['groupId']}:{values['artifactId']}", values["version"].strip()))
    return found


def jars(folder):
    found = sorted((folder / "lib").rglob("*.jar"))
    if not found:
        raise FileNotFoundError(f"{folder} has no libraries: package the program first, with `make build`")
    return found


def program(folder):
    return folder.parent.parent.name if folder.name == "quarkus-app" else folder.name


def check(folders, text, out):
    vulnerabilities, accepted, date = read_list(text)
    groups = {each.library.partition(":")[0] for each in vulnerabilities}
    covered = {each.library for each in vulnerabilities}
    known = set()
    for folder in folders:
        shipped = {jar: libraries(jar, groups) for jar in jars(folder)}
        for each in vulnerabilities:
            affected = sorted({one for names in shipped.values() for one in names if each.affects(one.name, one.version)})
            ids = each.ids.split(", ") if affected else []
            for one in sorted(accepted.keys() & ids):
                print(f"{program(folder)}: {affected[0].name} {affected[0].version} has {one}, which is accepted: {accepted[one]}", file=out)
            if ids and not accepted.keys() >= set(ids):
                known.update(set(ids) - accepted.keys())
                report(program(folder), each, affected, sorted(jar.name for jar, names in shipped.items() if names & set(affected)), out)
        listed = sum(any(one.name in covered or one.name.partition(":")[0] + ":*" in covered for one in names) for names in shipped.values())
        print(f"{program(folder)}: {len(shipped)} libraries, {listed} of them with lines in the list", file=out)
    age = (datetime.date.today() - date).days
    print(f"known vulnerabilities: {len(known)}; the list has {len(vulnerabilities)} lines and was last looked over on {date}, "
          f"{age} days ago", file=out)
    return 1 if known else 0


def report(where, vulnerability, affected, names, out):
    version = affected[0].version
    print(f"{where}: {', '.join(each.name for each in affected)} {version} has {vulnerability.ids}: {vulnerability.summary}\n"
          f"  Use {vulnerability.affected.fix(version)}: set it in the dependencyManagement of pom.xml, before the BOM that brings "
          f"{version}, or exclude the library if nothing loads it.\n"
          f"  Jars: {', '.join(names)}", file=out)


def list_libraries(folders, out):
    for folder in folders:
        total = 0
        for jar in jars(folder):
            size = jar.stat().st_size
            total += size
            print(f"{size:>12,}  {jar.name}", file=out)
        print(f"{total:>12,}  {program(folder)}, {len(jars(folder))} libraries", file=out)


def main(arguments, out=sys.stdout):
    parser = argparse.ArgumentParser(description="Compares the libraries of the packaged programs with known vulnerabilities.")
    parser.add_argument("--list", action="store_true", help="print the libraries and their sizes instead")
    parser.add_argument("folders", nargs="*", type=Path, default=PROGRAMS, metavar="FOLDER", help="Quarkus applications")
    options = parser.parse_args(arguments)
    try:
        if options.list:
            list_libraries(options.folders, out)
            return 0
        return check(options.folders, (HERE / "known-vulnerabilities.txt").read_text("utf-8"), out)
    except (FileNotFoundError, ValueError) as e:
        print(f"check_libraries: {e}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
