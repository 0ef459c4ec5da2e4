"""Writes random YAML documents, and compares what the reader in Swift made of files with what PyYAML makes of them."""

import json
import os
import random
import re
import sys

import yaml

STYLES = {None: "plain", "": "plain", "'": "singleQuoted", '"': "doubleQuoted", "|": "literal", ">": "folded"}
# What PyYAML takes and the flag language has no use for.
NOT_ALLOWED = {
    "alias", "anchor", "tag", "directive", "multipleDocuments", "duplicateKey", "collectionKey", "empty",
    "controlCharacter", "nul", "invalidUTF8",
}

# Where the two differ in what they refuse, because libyaml follows YAML 1.2 or is more lenient: tabs, tags, '?' and ':'
# before other than a space inside brackets, comments right behind a block indicator.
DIFFERENT = re.compile(r"\t|!|\?|:,|[|>][-+0-9]*#")


def random_value(rng, depth):
    kind = rng.randrange(3) if depth else 0
    if kind == 1:
        return [random_value(rng, depth - 1) for _ in range(rng.randrange(5))]
    if kind == 2:
        return {f"k{i}{random_text(rng)[:8]}": random_value(rng, depth - 1) for i in range(rng.randrange(5))}
    return rng.choice([random_text(rng), random_text(rng) * 9, rng.randrange(1000), True, None, 1.5, "a: b", "- c"])


def random_text(rng):
    return "".join(rng.choice("ab cd \n:-#,[]{}'\"\\&*!|>%@é€😀\t?") for _ in range(rng.randrange(12)))


def write(folder, count, seed):
    os.makedirs(folder)
    for index in range(count):
        rng = random.Random(f"{seed}/{index}")
        text = yaml.dump(
            random_value(rng, 4), default_style=rng.choice([None, None, None, "'", '"', "|", ">"]),
            default_flow_style=rng.choice([None, True, False]), width=rng.choice([20, 80, 200]),
            indent=rng.choice([2, 3, 4]), allow_unicode=rng.choice([True, False]), sort_keys=False,
            explicit_start=rng.choice([True, False]))
        if rng.randrange(2):
            text = damaged(rng, text)
        with open(f"{folder}/{seed}-{index:05}.yaml", "w", encoding="utf-8", newline="") as file:
            file.write(text)


def damaged(rng, text):
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(text) + 1)
        if rng.randrange(2):
            text = text[:place] + rng.choice(["- ", ": ", "\n", " ", "  ", "#", " #", "[", "]", "{", "}", ",", "'", '"', "? ",
                                              "|", ">", "\n\n", "x", "é", "\t", "---\n", "!", "&a "]) + text[place:]
        else:
            text = text[:place] + text[place + rng.randrange(1, 4):]
    return text


def nodes(node):
    """The nodes in order as dump-yaml writes them, without values."""
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if isinstance(node, yaml.ScalarNode):
        return [["scalar", STYLES[node.style], line, column, node.value]]
    style = "flow" if node.flow_style else "block"
    if isinstance(node, yaml.SequenceNode):
        return [["sequence", style, line, column, ""]] + [item for child in node.value for item in nodes(child)]
    pairs = [item for key, value in node.value for item in nodes(key) + nodes(value)]
    return [["mapping", style, line, column, ""]] + pairs


def without_place(node):
    """An empty place stands elsewhere on purpose: libyaml and PyYAML put it before the next token."""
    return node[:2] + node[4:] if node[1] == "plain" and node[4] == "" else node


def compare(list_of_files, dump):
    same = refused = other = different = 0
    with open(list_of_files) as names, open(dump) as lines:
        for name, line in zip(names.read().split("\n")[:-1], lines.read().split("\n")[:-1], strict=True):
            ours = json.loads(line)
            codes = {item for item in ours if isinstance(item, str)}
            with open(name, "rb") as file:
                data = file.read()
            is_different = bool(DIFFERENT.search(data.decode("utf-8", "replace")))
            try:
                # As text, so that a byte order mark does not move PyYAML's columns.
                text = data.decode("utf-8-sig")
                theirs = nodes(yaml.compose(text, Loader=yaml.BaseLoader))
            except (yaml.YAMLError, UnicodeDecodeError, AttributeError, RecursionError):
                assert codes or is_different, f"{name}: PyYAML refuses it"
                refused += bool(codes)
                different += not codes
                continue
            if codes:
                assert codes & NOT_ALLOWED or is_different, f"{name}: PyYAML takes it, but {codes}"
                other += bool(codes & NOT_ALLOWED)
                different += not codes & NOT_ALLOWED
                continue
            ours = [without_place(node[:5]) for node in ours]
            theirs = [without_place(node) for node in theirs]
            assert ours == theirs, f"{name}:\n{text}\n" + "\n".join(
                f"{left} {right}" for left, right in zip(ours, theirs) if left != right)
            same += 1
    everything = same + refused + other + different
    assert same > everything / 3 and refused > everything / 30, (same, refused, other, different)
    assert different < everything / 30, different
    print(f"{same} documents with the same nodes, {refused} refused by both, {other} refused by the flag language only, "
          f"{different} refused by one for a known reason")


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        compare(sys.argv[2], sys.argv[3])
