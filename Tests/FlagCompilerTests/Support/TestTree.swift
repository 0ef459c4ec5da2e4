import Foundation
import Testing
import YAML

@testable import FlagCompiler
@testable import FlagSource

/// A test's tree has an error that was not meant.
struct InvalidTree: Error {}

/// A small flags tree in memory: a manifest with an attribute of each type, the boolean flag `flag`, its config in
/// `production`, and whatever a test adds.
struct TestTree {
  private var files: [(path: String, text: String)] = [
    (
      "ensign.yaml",
      """
      format: 1
      project: acme-shop
      environments: [staging, production]
      attributes:
        country: {type: string, values: [DE, FR, GB, US]}
        email: {type: string, private: true}
        groups: {type: list}
        age: {type: integer}
        cartTotal: {type: number}
        beta: {type: boolean}
        appVersion: {type: version}
        signedUpAt: {type: timestamp}
        ip: {type: ip, private: true}
        company.id: {type: string}
      owners: {payments: {}}

      """
    ),
    ("definitions/flag.yaml", "type: boolean\noff: off\nowner: payments\nkind: operational\n"),
  ]

  /// A tree whose flag has this config in production and, if given, this definition.
  init(_ config: String? = nil, definition: String? = nil, _ more: [(path: String, text: String)] = []) {
    if let config { files.append(("environments/production/flag.yaml", config)) }
    if let definition { files.append(("definitions/flag.yaml", definition)) }
    files += more
  }

  /// Its files.
  var memory: MemoryFiles { MemoryFiles(files) }

  /// The tree with everything checked; errors of the test's own files are failures.
  func checked(_ location: SourceLocation = #_sourceLocation) throws -> CheckedTree {
    try TestTree.check(MemoryFiles(files), location)
  }

  /// Reads and checks files.
  static func check(_ files: some FlagFiles, _ location: SourceLocation = #_sourceLocation) throws -> CheckedTree {
    let validation = try Validation.run(files)
    let paths = validation.tree?.files
    let errors = validation.findings.filter { $0.level == .error }.map {
      "\(paths?.path(of: $0.file) ?? "?"):\($0.range.start.line):\($0.range.start.column): \($0.code) \($0.message)"
    }
    // The tree itself is too large to be printed by an expectation.
    guard let checked = validation.checked else {
      Issue.record("\(errors)", sourceLocation: location)
      throw InvalidTree()
    }
    return checked
  }

  /// The snapshot's text in production.
  func snapshot(_ location: SourceLocation = #_sourceLocation) throws -> String {
    String(decoding: try SnapshotCompiler.compile(checked(location), environment: "production"), as: UTF8.self)
  }

  /// What the snapshot says of `flag` without what is the same in all these tests.
  func flag(_ location: SourceLocation = #_sourceLocation) throws -> String {
    let text = try snapshot(location)
    let start = try #require(text.range(of: #""flag":{"#), sourceLocation: location)
    let end = try #require(text.range(of: #"},"format":1"#), sourceLocation: location)
    return String(text[start.upperBound..<end.lowerBound])
      .replacing(#""metadata":{"kind":"operational","owner":"payments"},"off":"off","#, with: "")
      .replacing(#","type":"boolean","variants":{"off":false,"on":true}}"#, with: "")
  }

  /// The condition of the flag's first rule.
  static func when(_ condition: String, _ location: SourceLocation = #_sourceLocation) throws -> String {
    let indented = condition.split(separator: "\n").map { "      \($0)\n" }.joined()
    let flag = try TestTree(
      "enabled: true\nrules:\n  - name: r\n    serve: on\n    when:\n\(indented)otherwise: off\n",
      [
        ("segments/a.yaml", "include: [u]\n"), ("segments/b.yaml", "include: [u]\n"),
      ]
    ).flag(location)
    let start = try #require(flag.range(of: #""when":"#), sourceLocation: location)
    let end = try #require(flag.range(of: "}]", options: .backwards), sourceLocation: location)
    return String(flag[start.upperBound..<end.lowerBound])
  }

  /// What the first rule serves, and its share.
  static func rule(_ lines: String, _ location: SourceLocation = #_sourceLocation) throws -> String {
    let indented = lines.split(separator: "\n").map { "    \($0)\n" }.joined()
    let flag = try TestTree("enabled: true\nrules:\n  - name: r\n\(indented)otherwise: off\n").flag(location)
    let start = try #require(flag.range(of: #""rules":[{"name":"r","#), sourceLocation: location)
    let end = try #require(flag.range(of: "}]", options: .backwards), sourceLocation: location)
    return String(flag[start.upperBound..<end.lowerBound])
  }
}
