/// The flag tests of a generated tree: an expectation of each flag, some of them of a matrix.
///
/// All of them pass.
struct GeneratedTests {
  /// How many flags the expectations of one file are about.
  static let flagsOfFile = 50

  private var text = ""

  /// Adds what is known of the config.
  mutating func add(_ config: GeneratedConfig, environment: String) {
    if config.flag.index % 2 == 0 {
      text += "- name: what \(config.flag.key) is for\n  flag: "
    } else {
      text += "- flag: "
    }
    text += "\(config.flag.key)\n  environment: \(environment)\n"
    Self.addExpectation(of: config, to: &text)
  }

  /// The file to write, which is then empty again.
  mutating func takeFile() -> String {
    defer { text = "" }
    return text
  }

  /// Adds the rest of one entry.
  private static func addExpectation(of config: GeneratedConfig, to text: inout String) {
    let somebody = "somebody-\(config.flag.index)"
    guard config.isEnabled else {
      text += "  given: {targetingKey: \(somebody)}\n  expect: \(config.flag.off)\n  because: disabled\n"
      return
    }
    if let target = config.target, config.flag.index % 4 == 1 {
      text += "  given: {targetingKey: \(target.key)}\n  expect: \(target.variant)\n  because: targets\n"
      return
    }
    guard let first = config.first else {
      return add(
        config.otherwise, because: "otherwise", given: [("targetingKey", somebody)], hasMatrix: false, to: &text)
    }
    var given = first.condition.witness
    if !given.contains(where: { $0.attribute == "targetingKey" }) { given.append(("targetingKey", somebody)) }
    let hasMatrix = config.flag.index % 5 == 0 && !given.contains { $0.attribute == "device" }
    return add(first.serve, because: first.name, given: given, hasMatrix: hasMatrix, to: &text)
  }

  private static func add(
    _ serve: Serve, because: String, given: [(attribute: String, value: String)], hasMatrix: Bool,
    to text: inout String
  ) {
    var given = given
    if serve.isByCompany && !given.contains(where: { $0.attribute == "company.id" }) {
      given.append(("company.id", "acme"))
    }
    if hasMatrix { text += "  matrix: {device: [phone, tablet, laptop]}\n" }
    text += "  given: {\(given.map { "\($0.attribute): \($0.value)" }.joined(separator: ", "))}\n"
    if let moment = serve.moment { text += "  at: \(moment)\n" }
    if let bucket = serve.bucket { text += "  bucket: \(bucket)\n" }
    text += "  expect: \(serve.variant)\n  because: \(because)\n"
  }
}
