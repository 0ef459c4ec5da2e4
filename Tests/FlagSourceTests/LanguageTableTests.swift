import FlagSource
import Testing

/// The tables of keys are data: what they claim is held against the parser here.
@Suite("The tables of keys")
struct LanguageTableTests {
  /// The codes found in one file laid over the base tree.
  static func codes(_ path: String, _ text: String) throws -> [String] {
    let list = ("segments/beta-ids.txt", "user-1\n")
    let reading = try TreeReader.read(MemoryFiles(Rule.Example.base + [list, (path, text)]))
    return reading.findings.map { "\($0.code) \($0.message)" }
  }

  static func lines(_ entries: [String: String]) -> String {
    entries.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\n" }.joined()
  }

  @Test("take their own examples: manifest", arguments: ManifestKey.allCases)
  func manifest(_ key: ManifestKey) throws {
    var entries = ["format": "1", "project": "a", "environments": "[staging, production]"]
    entries[key.rawValue] = "\(key.keyShape.example)"
    #expect(try Self.codes("ensign.yaml", Self.lines(entries)).filter { !$0.contains("attribute") } == [])
  }

  @Test("take their own examples: attributes", arguments: AttributeKey.allCases)
  func attributes(_ key: AttributeKey) throws {
    var entries = ["type": "string"]
    entries[key.rawValue] = "\(key.keyShape.example)"
    let flow = entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    let text = "format: 1\nproject: a\nenvironments: [staging, production]\nattributes: {country: {\(flow)}}\n"
    #expect(try Self.codes("ensign.yaml", text) == [])
  }

  /// The codes found in a manifest with these lines.
  private static func codes(manifest lines: String) throws -> [String] {
    let start = "format: 1\nproject: a\nenvironments: [staging, production]\n"
    return try codes("ensign.yaml", start + lines).filter { !$0.contains("attribute") && !$0.contains("`payments`") }
  }

  @Test("take their own examples: owners", arguments: OwnerKey.allCases)
  func owners(_ key: OwnerKey) throws {
    #expect(try Self.codes(manifest: "owners: {payments: {\(key.rawValue): \(key.keyShape.example)}}\n") == [])
  }

  @Test("take their own examples: policies", arguments: PolicyKey.allCases)
  func policies(_ key: PolicyKey) throws {
    #expect(try Self.codes(manifest: "policies: {staging: {\(key.rawValue): \(key.keyShape.example)}}\n") == [])
  }

  @Test("take their own examples: approvals", arguments: ApprovalsKey.allCases)
  func approvals(_ key: ApprovalsKey) throws {
    var entries = ["from": "trailers"]
    entries[key.rawValue] = "\(key.keyShape.example)"
    let flow = entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    #expect(try Self.codes(manifest: "policies: {staging: {approvals: {\(flow)}}}\n") == [])
  }

  @Test("take their own examples: freezes", arguments: FreezeKey.allCases)
  func freezes(_ key: FreezeKey) throws {
    var entries = ["from": "2026-12-20T00:00:00Z", "until": "2027-01-02T00:00:00Z"]
    entries[key.rawValue] = "\(key.keyShape.example)"
    let flow = entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    #expect(try Self.codes(manifest: "policies: {staging: {freeze: [{\(flow)}]}}\n") == [])
  }

  @Test("take their own examples: definitions", arguments: DefinitionKey.allCases)
  func definitions(_ key: DefinitionKey) throws {
    var entries = ["type": "boolean", "off": "off"]
    entries[key.rawValue] = "\(key.keyShape.example)"
    #expect(try Self.codes("definitions/x.yaml", Self.lines(entries)) == [])
  }

  @Test("take their own examples: configs", arguments: ConfigKey.allCases)
  func configs(_ key: ConfigKey) throws {
    var entries = ["enabled": "true", "otherwise": "on"]
    entries[key.rawValue] = "\(key.keyShape.example)"
    #expect(try Self.codes("environments/staging/new-cart.yaml", Self.lines(entries)) == [])
  }

  @Test("take their own examples: rules", arguments: RuleKey.allCases)
  func rules(_ key: RuleKey) throws {
    var entries = ["name": "a", "share": "10", "serve": "on"]
    entries[key.rawValue] = "\(key.keyShape.example)"
    let flow = entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    let text = "enabled: true\nrules: [{\(flow)}]\notherwise: off\n"
    #expect(try Self.codes("environments/staging/new-cart.yaml", text) == [])
  }

  @Test("take their own examples: serves", arguments: ServeKey.allCases)
  func serves(_ key: ServeKey) throws {
    var entries =
      [ServeKey.split, .ranges].contains(key)
      ? [:] : ["ramp": "on", "from": "off", "steps": "[{at: 2026-01-01T00:00:00Z, percent: 1}]"]
    entries[key.rawValue] = "\(key.keyShape.example)"
    let flow = entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    #expect(try Self.codes("environments/staging/new-cart.yaml", "enabled: true\notherwise: {\(flow)}\n") == [])
  }

  @Test("take their own examples: segments", arguments: SegmentKey.allCases)
  func segments(_ key: SegmentKey) throws {
    var entries = ["when": "{plan: premium}"]
    entries[key.rawValue] = "\(key.keyShape.example)"
    #expect(try Self.codes("segments/x.yaml", Self.lines(entries)) == [])
  }

  @Test("take their own examples: conditions", arguments: ConditionKey.allCases)
  func conditions(_ key: ConditionKey) throws {
    #expect(try Self.codes("segments/x.yaml", "when: {\(key.rawValue): \(key.keyShape.example)}\n") == [])
  }

  @Test("take their own examples: tests", arguments: TestKey.allCases)
  func tests(_ key: TestKey) throws {
    var entries = ["flag": "new-cart", "environment": "staging"]
    if key != .expectValue { entries["expect"] = "on" }
    entries[key.rawValue] = "\(key.keyShape.example)"
    let flow = entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    #expect(try Self.codes("tests/x.yaml", "- {\(flow)}\n") == [])
  }

  @Test("take every operator for the types it goes with, and for no other", arguments: AttributeType.allCases)
  func operators(_ type: AttributeType) throws {
    let (attribute, value) =
      switch type {
      case .string: ("email", "x")
      case .integer: ("age", "1")
      case .number: ("cartTotal", "1.5")
      case .boolean: ("beta", "true")
      case .version: ("appVersion", "1.2.3")
      case .timestamp: ("signedUpAt", "2026-01-01T00:00:00Z")
      case .ip: ("ip", "192.0.2.7")
      case .list: ("groups", "x")
      }
    for spelling in Operator.Spelling.allCases {
      let operand =
        switch spelling {
        case .in, .notIn: "[\(value)]"
        case .exists: "false"
        default: value
        }
      let found = try Self.codes("segments/x.yaml", "when: {\(attribute): {\(spelling.rawValue): \(operand)}}\n")
      #expect(found.isEmpty == spelling.goes(with: type), "\(spelling) \(found)")
      if let only = found.first { #expect(found.count == 1 && only.hasPrefix("E027")) }
    }
  }

  @Test("show a required key in every kind of file that has one")
  func required() {
    #expect(ManifestKey.allCases.filter(\.keyShape.isRequired) == [.format, .project, .environments])
    #expect(DefinitionKey.allCases.filter(\.keyShape.isRequired) == [.type, .off])
    #expect(ConfigKey.allCases.filter(\.keyShape.isRequired) == [.enabled, .otherwise])
    #expect(RuleKey.allCases.filter(\.keyShape.isRequired) == [.name, .serve])
    #expect(TestKey.allCases.filter(\.keyShape.isRequired) == [.flag, .environment])
  }
}
