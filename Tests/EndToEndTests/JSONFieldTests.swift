import Ensign
import Testing

@testable import ensign

@Suite("The JSON of commands")
struct JSONFieldTests {
  /// Command lines whose JSON shows as many members as possible.
  static let lines = [
    "rules", "list", "show checkout-v2", "show holiday-banner", "stats", "test --coverage",
    "validate --flags Tests/EndToEndTests/Fixtures/flawed", "eval checkout-v2 -e production -c targetingKey=user-1001",
    "eval -e production -c targetingKey=user-1", "eval nothing -e production",
    "explain checkout-v2 -e production -c targetingKey=user-7 country=DE plan=premium",
    "explain holiday-banner -e production", "enable holiday-banner -e staging --dry-run",
    "disable checkout-v2 -e production --dry-run", "archive one-click-reorder --dry-run",
    "rollout checkout-v2 -e production --variant on --to 10 --dry-run",
    "target checkout-v2 -e production --variant on user-7 --dry-run",
    "promote onboarding-flow --from staging --to production --dry-run",
  ]

  /// Command lines that need a store.
  static let storeLines = [
    "key show ci.key", "trust show store", "publish --all --store store --key ci.key --key second.key",
    "verify store --trust store/trust/1.json --rebuild", "verify tampered --trust store/trust/1.json",
    "verify store --trust store/trust/1.json --rebuild --repository other/flags",
    "verify store --trust other/flags/ensign.yaml",
    "kill welcome-banner -e staging --reason x --publish store --key ci.key",
    "pull store -e production --trust store/trust/1.json --into pulled",
  ]

  @Test("has no member that the reference does not name", arguments: lines)
  func isDocumented(_ line: String) throws { try check(line, in: repositoryFolder) }

  @Test("has no member that the reference does not name, with a store", arguments: storeLines)
  func isDocumentedWithStore(_ line: String) throws {
    let shop = try PublishedShop()
    _ = try shop.script(
      """
      $ensign publish -q --all --store store --key ci.key --key second.key > /dev/null
      cp -r store tampered && echo >> tampered/environments/production/latest.json && rm tampered/trust/1.json
      git clone -q . other && cd other && sed -i 's/off$/on/' flags/environments/staging/*.yaml
      git commit -q --amend -a -m "Another first commit" --date 2026-11-21T00:00:00Z
      cd .. && git config user.name Ada && git config user.email ada@acme.example
      """)
    try check(line, in: shop.folder.path)
  }

  /// Command lines that need a history.
  static let historyLines = [
    "log", "show c4", "show c9", "diff c1..c9", "blame checkout-v2 -e production",
    "timeline checkout-v2 -e production -c targetingKey=user-3",
    "bisect checkout-v2 -e production -c targetingKey=user-3", "bisect checkout-v2 c8..c9 -e production",
  ]

  @Test("has no member that the reference does not name, with a history", arguments: historyLines)
  func isDocumentedWithHistory(_ line: String) throws { try check(line, in: ShopHistory.shared.get().folder / "shop") }

  /// Command lines that review a change.
  static let reviewLines = [
    "check --base main --rev design --conflicts --population ../people.jsonl", "check --base main --rev segment",
    "check --base main --rev broken", "diff main..design --impact", "diff main..segment --impact",
  ]

  @Test("has no member that the reference does not name, with a change", arguments: reviewLines)
  func isDocumentedWithChange(_ line: String) throws { try check(line, in: ReviewedShop.shared.get().folder / "shop") }

  func check(_ line: String, in folder: String) throws {
    let words = line.split(separator: " ").map(String.init)
    let outcome = run(words + ["--format", "json"], in: folder)
    #expect(outcome.status <= 1, "\(outcome)")
    #expect(outcome.output.hasSuffix("\n"))
    let command = try #require(Command.all.first { line == $0.name || line.hasPrefix($0.name + " ") })
    let declared = Set(command.json.map(\.path))
    for path in Self.paths(of: try JSONValue(parsing: String(outcome.output.dropLast()))) {
      #expect(
        Self.isNamed(path, in: declared), "\(command.name) has an undocumented member: \(path.joined(separator: "."))")
    }
  }

  @Test("is declared by commands that are tested here")
  func isComplete() {
    for command in Command.all where command.formats.contains(.json) {
      #expect(
        (Self.lines + Self.storeLines + Self.historyLines + Self.reviewLines).contains {
          $0 == command.name || $0.hasPrefix(command.name + " ")
        },
        "\(command.name)")
    }
  }

  /// The way to each leaf: names of members, `[]` at the end of the name of an array.
  private static func paths(of value: JSONValue) -> Set<[String]> {
    if let members = value.object {
      return Set(members.flatMap { member in paths(of: member.value).map { prepend(member.key, to: $0) } })
    }
    if let elements = value.array { return Set(elements.flatMap { element in paths(of: element).map { ["[]"] + $0 } }) }
    return [[]]
  }

  private static func prepend(_ name: String, to path: [String]) -> [String] {
    var rest = path[...]
    var first = name
    while rest.first == "[]" {
      first += "[]"
      rest.removeFirst()
    }
    return [first] + rest
  }

  /// Whether the path or a part of its beginning is declared, `*` standing for any name.
  private static func isNamed(_ path: [String], in declared: Set<String>) -> Bool {
    for count in 1...max(path.count, 1) where count <= path.count {
      let part = Array(path.prefix(count))
      let starred = part.dropLast() + ["*"]
      // A value of any form may be a list.
      let unlisted = part.dropLast() + part.suffix(1).map { $0.hasSuffix("[]") ? String($0.dropLast(2)) : $0 }
      for candidate in [part, Array(starred), Array(unlisted)] where declared.contains(candidate.joined(separator: "."))
      { return true }
    }
    return false
  }
}
