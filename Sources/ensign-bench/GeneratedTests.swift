/// The flag tests of a generated tree: as many expectations as flags, all of which pass.
struct GeneratedTests {
  /// How many flags the expectations of one file are about.
  static let flagsOfFile = 50

  private var left: Int
  /// How many flags go without one, because a matrix before them stands for several expectations.
  private var owed = 0
  private var text = ""

  init(flags: Int) {
    left = flags
  }

  /// Adds what is known of the config, unless enough has been added.
  mutating func add(_ config: GeneratedConfig, environment: String) {
    guard owed == 0 else {
      owed -= 1
      return
    }
    let number = config.flag.index
    if number % 2 == 0 { text += "- name: what \(config.flag.key) is for\n  flag: " } else { text += "- flag: " }
    text += "\(config.flag.key)\n  environment: \(environment)\n"
    let count = Self.addExpectation(of: config, atMost: left, to: &text)
    left -= count
    owed = count - 1
  }

  /// The file to write after this flag, if it is full or no expectation comes after it.
  mutating func fileEnding(at index: Int) -> String? {
    guard !text.isEmpty, (index + 1) % Self.flagsOfFile == 0 || owed >= left else { return nil }
    defer { text = "" }
    return text
  }

  /// Adds the rest of one entry, and returns how many expectations it stands for.
  private static func addExpectation(of config: GeneratedConfig, atMost most: Int, to text: inout String) -> Int {
    let somebody = "somebody-\(config.flag.index)"
    guard config.isEnabled else {
      text += "  given: {targetingKey: \(somebody)}\n  expect: \(config.flag.off)\n  because: disabled\n"
      return 1
    }
    if let target = config.target, config.flag.index % 4 == 1 {
      text += "  given: {targetingKey: \(target.key)}\n  expect: \(target.variant)\n  because: targets\n"
      return 1
    }
    guard let first = config.first else {
      return add(
        config.otherwise, because: "otherwise", given: [("targetingKey", somebody)], hasMatrix: false, to: &text)
    }
    var given = first.condition.witness
    if !given.contains(where: { $0.attribute == "targetingKey" }) { given.append(("targetingKey", somebody)) }
    let hasMatrix = most >= 3 && config.flag.index % 5 == 0 && !given.contains { $0.attribute == "device" }
    return add(first.serve, because: first.name, given: given, hasMatrix: hasMatrix, to: &text)
  }

  private static func add(
    _ serve: Serve, because: String, given: [(attribute: String, value: String)], hasMatrix: Bool,
    to text: inout String
  ) -> Int {
    var given = given
    if serve.isByCompany && !given.contains(where: { $0.attribute == "company.id" }) {
      given.append(("company.id", "acme"))
    }
    if hasMatrix { text += "  matrix: {device: [phone, tablet, laptop]}\n" }
    text += "  given: {\(given.map { "\($0.attribute): \($0.value)" }.joined(separator: ", "))}\n"
    if let moment = serve.moment { text += "  at: \(moment)\n" }
    if let bucket = serve.bucket { text += "  bucket: \(bucket)\n" }
    text += "  expect: \(serve.variant)\n  because: \(because)\n"
    return hasMatrix ? 3 : 1
  }
}
