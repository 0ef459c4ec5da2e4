/// A generated condition, with a context for which it holds.
///
/// It never holds for a context that says nothing but who is
/// asking, so that the flag tests know what such a context gets.
struct Condition {
  /// The lines of its mapping, each of which stands for itself.
  var entries: [String]
  /// Attributes and their values in YAML, for which the condition holds.
  var witness: [(attribute: String, value: String)]

  /// A condition on one to `most` attributes.
  init(_ random: inout SplitMix64, most: Int) {
    entries = []
    witness = []
    for attribute in random.pick(1 + random.below(most), of: Attribute.allCases) {
      let test = attribute.test(&random)
      entries.append("\(attribute.name): \(test.text)")
      witness.append((attribute.name, test.holds))
    }
  }

  /// The condition that names a segment, and sometimes more.
  init(segment index: Int, _ random: inout SplitMix64) {
    self.init(&random, most: 2)
    if random.chance(50) {
      entries = []
      witness = []
    }
    entries.insert("segment: \(GeneratedSegment.key(index))", at: 0)
    witness.append(("targetingKey", GeneratedSegment.member(index)))
  }

  /// The lines of a rule's `when`, indented below a rule of a list.
  func text(_ random: inout SplitMix64) -> String {
    let simple = entries.joined(separator: ", ")
    switch random.below(10) {
    case ..<4 where entries.count < 3:
      return "    when: {\(simple)}\n"
    case 7:
      return "    when:\n      all:\n" + entries.map { "        - {\($0)}\n" }.joined()
    case 8:
      return "    when:\n      any:\n        - {\(simple)}\n        - {device: watch, plan: premium}\n"
    case 9 where !entries.contains { $0.hasPrefix("device:") }:
      return "    when:\n" + entries.map { "      \($0)\n" }.joined() + "      not: {device: [kiosk, tv]}\n"
    default:
      return "    when:\n" + entries.map { "      \($0)\n" }.joined()
    }
  }
}

/// An attribute of the generated manifest, apart from those that are only hashed.
private enum Attribute: CaseIterable {
  case country, plan, device, email, groups, age, cartTotal, beta, appVersion, signedUpAt, ip, company

  var name: String { self == .company ? "company.id" : "\(self)" }

  /// A test on the attribute, and a value for which it holds.
  func test(_ random: inout SplitMix64) -> (text: String, holds: String) {
    switch self {
    case .country: Self.country(&random)
    case .plan: random.pick([("premium", "premium"), ("[pro, premium]", "pro"), ("{in: [free, pro]}", "free")])
    case .device:
      random.pick([
        ("{isNot: kiosk}", "phone"), ("{notIn: [kiosk, tv]}", "tablet"), ("{exists: true}", "phone"),
        ("phone", "phone"),
      ])
    case .email: Self.email(&random)
    case .groups: Self.groups(&random)
    case .age: Self.age(&random)
    case .cartTotal:
      random.pick([
        ("{greaterThan: 99.5}", "100"), ("{lessThan: 250}", "19.99"), ("{atLeast: 10, atMost: 500}", "42.5"),
      ])
    case .beta: ("true", "true")
    case .appVersion: Self.appVersion(&random)
    case .signedUpAt: Self.signedUpAt(&random)
    case .ip: Self.ip(&random)
    case .company: Self.company(&random)
    }
  }

  private static func country(_ random: inout SplitMix64) -> (String, String) {
    let some = random.pick(1 + random.below(6), of: Vocabulary.countries)
    return some.count == 1 ? (some[0], some[0]) : ("[\(some.joined(separator: ", "))]", some[0])
  }

  private static func email(_ random: inout SplitMix64) -> (String, String) {
    let company = random.pick(Vocabulary.companies)
    return random.pick([
      ("{endsWith: \"@\(company).example\"}", "ann@\(company).example"),
      ("{endsWith: [\"@\(company).example\", \"@staff.example\"], ignoreCase: true}", "Ann@STAFF.example"),
      ("{contains: \"+\(company)\"}", "ann+\(company)@mail.example"),
      ("{startsWith: [qa-, test-]}", "qa-7@mail.example"),
      ("{matches: '^[a-z]+\\.[a-z]+@\(company)[0-9]*\\.example$'}", "ann.lee@\(company)42.example"),
    ])
  }

  private static func groups(_ random: inout SplitMix64) -> (String, String) {
    let two = random.pick(2, of: Vocabulary.groups)
    let list = "[\(two[0]), \(two[1])]"
    return random.pick([
      ("{includes: \(two[0])}", list), ("{includes: \(list)}", "[\(two[1])]"), ("{includesAll: \(list)}", list),
      ("{includesNone: \(list)}", "[visitors]"),
    ])
  }

  private static func age(_ random: inout SplitMix64) -> (String, String) {
    let age = 16 + random.below(40)
    return random.pick([
      ("{atLeast: \(age)}", "\(age)"), ("{greaterThan: \(age), atMost: \(age + 10)}", "\(age + 1)"),
      ("{atLeast: \(age), lessThan: \(age + 20)}", "\(age)"), ("\(age)", "\(age)"),
    ])
  }

  private static func appVersion(_ random: inout SplitMix64) -> (String, String) {
    let version = "\(2 + random.below(4)).\(random.below(20)).\(random.below(9))"
    return random.pick([
      ("{atLeast: \(version)}", version), ("{greaterThan: \(version)-rc.1}", version), ("[\(version), 9.0.0]", "9.0.0"),
      ("{atLeast: 1.0.0, lessThan: \(version)}", "1.4.0+build.7"),
    ])
  }

  private static func signedUpAt(_ random: inout SplitMix64) -> (String, String) {
    let year = 2019 + random.below(5)
    return random.pick([
      ("{before: \(year)-06-01T00:00:00Z}", "\(year)-05-31T23:59:59.999Z"),
      ("{after: \(year)-06-01T00:00:00Z}", "\(year)-06-02T10:00:00+02:00"),
      ("{atLeast: \(year)-01-01T00:00:00Z, lessThan: \(year + 1)-01-01T00:00:00Z}", "\(year)-01-01T00:00:00Z"),
    ])
  }

  private static func ip(_ random: inout SplitMix64) -> (String, String) {
    let office = "192.168.\(random.below(256))"
    return random.pick([
      ("{within: [10.0.0.0/8, \"2001:db8::/32\"]}", "10.1.2.3"), ("{within: \(office).0/24}", "\(office).7"),
      ("{within: [\(office).0/24, 172.16.0.0/12]}", "172.16.0.1"),
    ])
  }

  private static func company(_ random: inout SplitMix64) -> (String, String) {
    let some = random.pick(3, of: Vocabulary.companies)
    return random.pick([
      ("{exists: true}", "acme"), ("[\(some.joined(separator: ", "))]", some[1]), ("{isNot: \(some[0])}", some[2]),
    ])
  }
}
