import Foundation
import SeededRandom

/// A repository with a random history of a small flags tree, made by stock `git fast-import`: edits that mean something
/// and edits that do not, moves, renames, files that cannot be read, reverts, modes, branches and merges of every kind,
/// and clocks that go wrong.
struct RandomHistory {
  static let flags = ["alpha", "beta", "gamma", "delta"]
  static let segments = ["staff", "testers"]
  static let environments = ["staging", "production"]

  /// The seeds of histories, from `first` on: of three fifths of so many when everything is tested, of one fifth
  /// otherwise.
  static func seeds(from first: UInt64, count: Int) -> Range<UInt64> {
    first..<first + UInt64(Effort.isThorough ? count * 3 / 5 : count / 5)
  }

  let repository: TemporaryRepository
  /// The commits in the order in which they were made.
  let commits: [String]

  private struct File: Equatable {
    var text: String
    var mode = "100644"
  }

  private typealias Tree = [String: File]

  init(seed: UInt64, commits count: Int, folder: String = "flags") throws {
    var random = SplitMix64(seed: seed)
    var trees: [Tree] = []
    var stream = ""
    for number in 0..<count {
      let parents = Self.parents(of: number, &random)
      var tree = Self.merged(parents.map { trees[$0] }, &random)
      if parents.isEmpty {
        tree = Self.seed(&random)
      } else if parents.count == 1 || random.oneIn(3) {
        for _ in 0...random.below(2) { Self.edit(&tree, trees, &random) }
      }
      trees.append(tree)
      // Minutes apart as a rule, often in the same one, sometimes long ago.
      let time = random.oneIn(8) ? 1_600_000_000 - random.below(5000) : 1_700_000_000 + number / 2 * 60
      stream += Self.command(number, time, parents, tree, prefix: folder.isEmpty ? "" : folder + "/")
    }
    stream += "reset refs/heads/main\nfrom :\(count)\n"
    repository = try TemporaryRepository()
    let file = repository.folder + "/.git/stream"
    try Data(stream.utf8).write(to: URL(filePath: file))
    try repository.git(["fast-import", "--quiet", "--export-marks=.git/marks"], input: file)
    var ids = [String](repeating: "", count: count)
    for line in try String(contentsOfFile: repository.folder + "/.git/marks", encoding: .utf8).split(separator: "\n") {
      let parts = line.split(separator: " ")
      if let mark = Int(parts[0].dropFirst()) { ids[mark - 1] = String(parts[1]) }
    }
    commits = ids
  }

  // MARK: The shape of the history

  private static func parents(of number: Int, _ random: inout SplitMix64) -> [Int] {
    if number == 0 { return [] }
    // Rarely, a second beginning.
    if random.oneIn(40) { return [] }
    let newest = max(0, number - 4)..<number
    let wanted = random.oneIn(4) ? 2 + random.below(2) : 1
    var parents = [random.oneIn(4) ? Int.random(in: newest, using: &random) : number - 1]
    while parents.count < min(wanted, number), parents.count < newest.count {
      let other = Int.random(in: newest, using: &random)
      if !parents.contains(other) { parents.append(other) }
    }
    return parents
  }

  private static func merged(_ parents: [Tree], _ random: inout SplitMix64) -> Tree {
    guard let first = parents.first else { return [:] }
    // Ours, theirs, or file by file.
    if parents.count == 1 || random.oneIn(4) { return first }
    if random.oneIn(4) { return parents[parents.count - 1] }
    var tree: Tree = [:]
    for path in Set(parents.flatMap(\.keys)).sorted() { tree[path] = random.pick(parents)[path] }
    return tree
  }

  private static func command(
    _ number: Int, _ time: Int, _ parents: [Int], _ tree: Tree, prefix: String
  ) -> String {
    let message = "Commit \(number)\n"
    var text = "commit refs/heads/c\(number)\nmark :\(number + 1)\n"
    text += "author Ada <ada@example.com> \(time) +0100\ncommitter Bob <bob@example.com> \(time) +0000\n"
    text += "data \(message.utf8.count)\n\(message)"
    for (index, parent) in parents.enumerated() { text += "\(index == 0 ? "from" : "merge") :\(parent + 1)\n" }
    text += "deleteall\n"
    for (path, file) in tree.sorted(by: { $0.key < $1.key }) {
      let place = path.hasPrefix("/") ? String(path.dropFirst()) : prefix + path
      text += "M \(file.mode) inline \(place)\ndata \(file.text.utf8.count)\n\(file.text)\n"
    }
    return text + "\n"
  }

  // MARK: The content

  private static func seed(_ random: inout SplitMix64) -> Tree {
    var tree: Tree = ["ensign.yaml": File(text: manifest(&random))]
    for segment in segments { tree["segments/\(segment).yaml"] = File(text: self.segment(&random)) }
    tree["segments/keys.txt"] = File(text: "user-1\nuser-2\n")
    for flag in flags {
      tree["definitions/\(flag).yaml"] = File(text: definition(&random))
      for environment in environments where !random.oneIn(4) {
        tree["environments/\(environment)/\(flag).yaml"] = File(text: config(flag, &random))
      }
    }
    return tree
  }

  private static func edit(_ tree: inout Tree, _ earlier: [Tree], _ random: inout SplitMix64) {
    let paths = tree.keys.filter { $0.hasSuffix(".yaml") && $0 != "ensign.yaml" }.sorted()
    switch random.below(24) {
    case 0...6:
      let flag = random.pick(flags)
      let path = "environments/\(random.pick(environments))/\(flag).yaml"
      let known = paths.filter { $0.hasSuffix(path.suffix(from: path.lastIndex(of: "/") ?? path.startIndex)) }
      tree[random.oneIn(3) ? path : known.isEmpty ? path : random.pick(known)] = File(text: config(flag, &random))
    case 7: tree["definitions/\(random.pick(flags)).yaml"] = File(text: definition(&random))
    case 8: tree["segments/\(random.pick(segments)).yaml"] = File(text: segment(&random))
    case 9:
      tree["segments/keys.txt"] = File(
        text: random.pick(["user-1\n", "user-1\nuser-3\n", "user-3\nuser-1\n", "a\na\n"]))
    case 10: tree["ensign.yaml"] = File(text: manifest(&random))
    case 11, 12:
      // A new layout: nothing that counts.
      guard let path = paths.isEmpty ? nil : random.pick(paths), let file = tree[path] else { return }
      tree[path] = File(
        text: "# \(random.below(100))\n\n" + file.text.replacing("\n", with: "   # why\n"), mode: file.mode)
    case 13, 14:
      // Another place.
      guard let path = paths.isEmpty ? nil : random.pick(paths), let slash = path.lastIndex(of: "/") else { return }
      let name = path[path.index(after: slash)...]
      let top = path.split(separator: "/").prefix(path.hasPrefix("environments") ? 2 : 1).joined(separator: "/")
      let file = tree.removeValue(forKey: path)
      tree["\(top)/\(random.pick(["team", "team/deep", "x"]))/\(name)"] = file
    case 15:
      // Another name.
      let (old, new) = (random.pick(flags), random.pick(flags))
      for path in paths where path.hasSuffix("/\(old).yaml") {
        let file = tree.removeValue(forKey: path)
        tree[path.dropLast(old.utf8.count + 5) + "\(new).yaml"] = file
      }
    case 16:
      guard !paths.isEmpty else { return }
      tree[random.pick(paths)] = File(
        text: random.pick(["type: [\n", "nonsense\n", "", "a: 1\na: 2\n", "enabled: maybe\n"]))
    case 17:
      guard !paths.isEmpty else { return }
      tree[random.pick(paths)] = nil
    case 18, 19, 20:
      // A revert of one file or of everything.
      let old = random.pick(earlier)
      if random.oneIn(2) {
        tree = old
      } else if let path = old.keys.sorted().randomElement(using: &random) {
        tree[path] = old[path]
      }
    case 21:
      guard let path = paths.isEmpty ? nil : random.pick(paths) else { return }
      tree[path]?.mode = random.pick(["100755", "100644", "120000"])
    case 22: tree["/README.md"] = File(text: "\(random.next())\n")
    default:
      tree[random.pick(["tests/a.yaml", "notes.txt", "definitions/readme.txt", ".hidden/x.yaml"])] = File(text: "- x\n")
    }
  }

  private static func manifest(_ random: inout SplitMix64) -> String {
    if random.oneIn(8) { return "format: [\n" }
    let environments = random.oneIn(6) ? "[production]" : "[staging, production]"
    return """
      format: 1
      project: \(random.oneIn(6) ? "other" : "shop")
      environments: \(environments)
      attributes:
        country: {type: string}
        level: {type: \(random.pick(["integer", "integer", "integer", "number", "string"]))}
        email: {type: string, private: \(random.oneIn(2))}
      # \(random.below(3))

      """
  }

  private static func definition(_ random: inout SplitMix64) -> String {
    """
    type: boolean
    variants: {on: true, off: false}
    off: \(random.oneIn(5) ? "on" : "off")
    description: \(random.pick(["Something.", "Something else."]))
    tags: \(random.pick(["[a, b]", "[b, a]", "[]", "[c]"]))
    archived: \(random.oneIn(10))

    """
  }

  private static func segment(_ random: inout SplitMix64) -> String {
    var text = random.oneIn(2) ? "include: [\(random.pick(["user-1", "user-2, user-1", "user-1, user-2"]))]\n" : ""
    if random.oneIn(2) { text += "includeFrom: keys.txt\n" }
    return text + "when: \(condition(&random))\n"
  }

  private static func config(_ flag: String, _ random: inout SplitMix64) -> String {
    var text = "enabled: \(random.pick(["true", "true", "false", "{from: 2026-01-01T00:00:00Z}"]))\n"
    if random.oneIn(5), flag != "alpha" { text += "requires: {alpha: on}\n" }
    if random.oneIn(2) {
      text += "targets:\n  on: [\(random.pick(["u1", "u1, u2", "u2, u1"]))]\n  off: [\(random.pick(["u3", "u4"]))]\n"
    }
    let rules = ["first", "second", "third"].shuffled(using: &random).prefix(random.below(4))
    if !rules.isEmpty { text += "rules:\n" }
    for rule in rules {
      text += "  - name: \(rule)\n"
      if !random.oneIn(3) { text += "    when: \(condition(&random))\n" }
      if random.oneIn(3) { text += "    share: \(random.pick([10, 20, 100]))\n" }
      text += "    serve: \(serve(&random))\n"
    }
    return text + "otherwise: \(serve(&random))\n"
  }

  private static func condition(_ random: inout SplitMix64) -> String {
    random.pick([
      "{country: [DE, FR]}", "{country: [FR, DE]}", "{level: {atLeast: 3}}", "{segment: staff}",
      "{any: [{country: DE}, {level: {lessThan: 2}}]}", "{any: [{level: {lessThan: 2}}, {country: DE}]}",
      "{not: {country: US}}", "{country: DE, email: {endsWith: .example}}",
    ])
  }

  private static func serve(_ random: inout SplitMix64) -> String {
    random.pick([
      "on", "off", "{split: {on: 10, off: 90}}", "{split: {on: 25, off: 75}}",
      "{ranges: {off: [[10, 100]], on: [[0, 10]]}}",
      "{ramp: on, from: off, steps: [{at: 2026-01-01T00:00:00Z, percent: 5}]}",
    ])
  }
}
