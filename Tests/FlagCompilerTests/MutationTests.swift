import FlagSource
import SeededRandom
import Testing
import YAML

@testable import FlagCompiler

/// Nothing that an author writes is lost on the way: whatever is changed in a file either changes a snapshot, or is known
/// to be for people and checks only.
@Suite("Every authored key reaches the snapshot")
struct MutationTests {
  /// What is read, checked and shown, but is no part of what a service evaluates.
  ///
  /// `*` stands for one step.
  static let sourceOnly = [
    "ensign.yaml/format",  // other values are refused
    "ensign.yaml/policies",
    "ensign.yaml/attributes/*/values",  // the closed set that conditions are checked against
    "ensign.yaml/owners",  // whom to ask; definitions name them
    "definitions/description",
    "definitions/expires",
    "definitions/archived",  // true removes the flag, which is tested apart
    "segments/description",
    "tests",
  ]

  /// The keys of the language by kind of file; each has to be met with at least one change that leaves the tree valid.
  static let keys: [String: [String]] = [
    "ensign.yaml": ["project", "attributes", "type", "values", "private", "owners", "contact"],
    "definitions": [
      "description", "type", "variants", "off", "owner", "kind", "tags", "expires", "archived",
    ],
    "environments": [
      "enabled", "from", "until", "requires", "targets", "rules", "name", "when", "share", "by", "seed", "serve",
      "split", "ranges", "ramp", "steps", "at", "percent", "shape", "otherwise", "all", "any", "not", "segment",
      "isNot", "in", "notIn", "exists", "contains", "startsWith", "endsWith", "matches", "ignoreCase", "lessThan",
      "atMost", "greaterThan", "atLeast", "before", "after", "includes", "includesAll", "includesNone", "within",
    ],
    "segments": ["description", "include", "exclude", "includeFrom", "when", "is"],
    "tests": [
      "name", "environment", "given", "at", "expect", "because", "bucket", "matrix", "expectValue",
    ],
  ]

  private static let stride = Effort.isThorough ? 1 : 4

  @Test("any change of any value", arguments: Array(keys.keys))
  func mutate(kind: String) throws {
    let original = try #require(try Self.snapshots(RichTree.files))
    var met: Set<String> = []
    for (index, file) in RichTree.files.enumerated()
    where file.path.hasSuffix(".yaml") && Self.kind(of: file.path) == kind {
      let written = Written(try #require(Document.parse(Array(file.text.utf8)).document).root)
      for (number, mutation) in Mutation.all(of: written).enumerated() {
        // All of those of keys that no valid change has met yet, and one in so many of the others.
        if number % Self.stride != 0, met.isSuperset(of: mutation.path) { continue }
        var files = RichTree.files
        var generator: SplitMix64?
        files[index].text = YAMLPrinter.print(mutation.result, random: &generator)
        guard let mutated = try Self.snapshots(files) else { continue }
        met.formUnion(mutation.path)
        let place = ([kind] + mutation.path).joined(separator: "/")
        if Self.isSourceOnly(place) {
          #expect(mutated == original, "\(place): \(mutation.words) is for people only, but changed a snapshot")
        } else {
          #expect(mutated != original, "\(place): \(mutation.words) changed no snapshot")
        }
      }
    }
    for key in Self.keys[kind, default: []] {
      #expect(met.contains(key), "\(key): no change of it was valid, so nothing was tested")
    }
  }

  @Test("a line of a list beside a segment")
  func includedLine() throws {
    var files = RichTree.files
    let index = try #require(files.firstIndex { $0.path.hasSuffix(".txt") })
    files[index].text = "user-10\nuser-12\n"
    let changed = try #require(try Self.snapshots(files))
    #expect(changed != (try Self.snapshots(RichTree.files)))
  }

  @Test("`archived: true`")
  func archived() throws {
    var files = RichTree.files
    let index = try #require(files.firstIndex { $0.path == "definitions/theme.yaml" })
    files[index].text += "archived: true\n"
    let changed = try #require(try Self.snapshots(files))
    #expect(changed != (try Self.snapshots(RichTree.files)))
  }

  /// The snapshots of all environments; nil when the tree is not valid.
  private static func snapshots(_ files: [(path: String, text: String)]) throws -> [[UInt8]]? {
    guard let tree = try Validation.run(MemoryFiles(files)).checked else { return nil }
    return try tree.tree.manifest.environments.map { try SnapshotCompiler.compile(tree, environment: $0.value) }
  }

  private static func kind(of path: String) -> String { path.split(separator: "/").first.map(String.init) ?? path }

  private static func isSourceOnly(_ place: String) -> Bool {
    let steps = place.split(separator: "/")
    return sourceOnly.contains { pattern in
      let pattern = pattern.split(separator: "/")
      return pattern.count <= steps.count && zip(pattern, steps).allSatisfy { $0 == "*" || $0 == $1 }
    }
  }
}

/// A YAML value with one change in it.
struct Mutation {
  /// The keys and indices that lead to what was changed.
  var path: [String]
  /// What was done.
  var words: String
  var result: Written

  /// Every removal of an entry or element, every exchange of the values of two neighbouring entries, and every scalar
  /// replaced by some others.
  static func all(of value: Written) -> [Mutation] {
    switch value {
    case .plain(let text):
      replacements(of: text).map { Mutation(path: [], words: "\(text) → \($0)", result: .plain($0)) }
    case .text(let text): replacements(of: text).map { Mutation(path: [], words: "\(text) → \($0)", result: .text($0)) }
    case .list(let elements, _):
      changes(of: elements.enumerated().map { ("\($0.offset)", $0.element) }) { .list($0.map(\.1), order: .counts) }
    case .map(let entries, _):
      changes(of: entries) { .map($0, order: .counts) }
        + zip(entries.indices, entries.indices.dropFirst()).map { index, next in
          var exchanged = entries
          (exchanged[index].1, exchanged[next].1) = (entries[next].1, entries[index].1)
          return Mutation(
            path: [entries[index].0], words: "exchanged with \(entries[next].0)",
            result: .map(exchanged, order: .counts))
        }
    }
  }

  private static func changes(
    of entries: [(String, Written)], _ make: ([(String, Written)]) -> Written
  ) -> [Mutation] {
    var mutations: [Mutation] = []
    for (index, entry) in entries.enumerated() {
      var without = entries
      without.remove(at: index)
      mutations.append(Mutation(path: [entry.0], words: "removed", result: make(without)))
      for inner in all(of: entry.1) {
        var changed = entries
        changed[index].1 = inner.result
        mutations.append(Mutation(path: [entry.0] + inner.path, words: inner.words, result: make(changed)))
      }
    }
    return mutations
  }

  /// Other values of about the same kind, most of which some place takes.
  private static func replacements(of text: String) -> [String] {
    let candidates =
      if Double(text) != nil {
        ["1", "2", "3", "60", "10.75"]
      } else if text == "true" || text == "false" {
        ["true", "false"]
      } else if text.hasSuffix("Z") {
        ["2026-02-15T00:00:00Z"]
      } else if text.utf8.first.map({ (0x30...0x39).contains($0) }) ?? true {
        ["9.9.9", "192.168.0.0/16"]
      } else {
        [
          "high", "low", "green", "red", "yes", "no", "DE", "CA", "growth", "experiment", "operational", "string",
          "number", "email", "beta", "step", "other-word", "testers", "limit",
        ]
      }
    return candidates.filter { $0 != text }
  }
}

extension Written {
  /// What a node of a document means.
  init(_ node: Document.Node) {
    switch node.kind {
    case .scalar: self = node.style == .plain ? .plain(node.text) : .text(node.text)
    case .sequence: self = .list(node.elements.map { Written($0) }, order: .counts)
    case .mapping: self = .map(node.entries.map { ($0.key.text, Written($0.value)) }, order: .counts)
    }
  }
}
