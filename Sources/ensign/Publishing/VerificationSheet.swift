internal import Ensign
internal import FlagPublisher

/// What verifying found, as it is shown.
struct VerificationSheet {
  let report: StoreReport
  /// The environments that were compiled again; nil when that was not asked for.
  var rebuilds: [Rebuild]?

  init(report: StoreReport) { self.report = report }

  /// One word for everything; ``ClientStatus/mismatch`` for a snapshot that is not of its commit.
  var verdict: ClientStatus {
    guard report.verdict == .current else { return report.verdict }
    return (rebuilds ?? []).allSatisfy(\.isIdentical) ? .current : .mismatch
  }

  // MARK: - Text

  func text(_ style: Style) -> String {
    var text = ""
    if let trust = report.trust {
      text += "trust: version \(trust.version), epoch \(trust.epoch), expires \(trust.expires)\n"
    }
    if let failure = report.trustFailure {
      text += "trust: \(word(failure.status, style)): \(failure.message.printable)\n"
    }
    for environment in report.environments { text += self.text(of: environment, style) }
    if verdict == .starting { text += "nothing is published\n" }
    return text
  }

  private func text(of environment: EnvironmentReport, _ style: Style) -> String {
    var text = "\(environment.environment.printable): \(word(environment.verdict, style))"
    if let manifest = environment.manifest {
      text +=
        ", sequence \(manifest.sequence), commit \(manifest.source.commit.prefix(12)), expires "
        + "\(manifest.expires), signed by \(environment.signers.count) of \(environment.threshold) needed"
        + (manifest.isDirty ? ", dirty" : "")
    }
    text += "\n"
    for file in environment.files {
      let message = file.message.map { ": \($0.printable)" } ?? ""
      text += "  \(file.path.printable): \(word(file.status, style))\(message)\n"
    }
    for rebuild in rebuilds ?? [] where rebuild.environment == environment.environment {
      text += "  rebuilt from the commit: " + (rebuild.isIdentical ? "the same bytes\n" : style.red("another snapshot"))
      if rebuild.isIdentical { continue }
      text += rebuild.difference.map { ": \($0.description.printable)\n" } ?? "\n"
      if let note = rebuild.note { text += "    note: \(note.printable)\n" }
    }
    return text
  }

  private func word(_ status: ClientStatus, _ style: Style) -> String {
    switch status {
    case .current: style.green(status.rawValue)
    case .stale, .starting: style.yellow(status.rawValue)
    default: style.red(status.rawValue)
    }
  }

  // MARK: - JSON

  static let fields: [JSONField] =
    [
      .init("verdict", "one word for everything: CURRENT, or what is wrong first"),
      .init("trust.version", "the newest version of the trust file"), .init("trust.epoch", "its epoch"),
      .init("trust.expires", "when the next version is due"),
      .init("trustFailure.status", "what is wrong with the trust, when something is"),
      .init("trustFailure.message", "the same in words"),
      .init("environments[].environment", "the environment"),
      .init("environments[].verdict", "the same for the environment"),
      .init("environments[].threshold", "how many keys must sign"),
      .init("environments[].signers[]", "the ids of the keys that did"),
      .init("environments[].files[].path", "a file that was looked at"),
      .init("environments[].files[].status", "what was found"),
      .init("environments[].files[].message", "the same in words, when something is wrong"),
      .init("environments[].rebuild.identical", "whether compiling the commit again gives the same bytes"),
      .init("environments[].rebuild.flag", "the first flag that differs"),
      .init("environments[].rebuild.path", "the member in which it differs"),
      .init("environments[].rebuild.published", "JSON text of what is published there"),
      .init("environments[].rebuild.rebuilt", "JSON text of what was compiled there"),
      .init("environments[].rebuild.note", "what may explain the difference"),
    ] + ManifestJSON.fields.map { .init("environments[].manifest.\($0.path)", $0.meaning) }

  func document() -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.member("verdict", verdict.rawValue)
    if let trust = report.trust {
      json.key("trust")
      json.beginObject()
      json.member("version", trust.version)
      json.member("epoch", trust.epoch)
      json.member("expires", trust.expires.description)
      json.endObject()
    }
    if let failure = report.trustFailure {
      json.key("trustFailure")
      json.beginObject()
      json.member("status", failure.status.rawValue)
      json.member("message", failure.message)
      json.endObject()
    }
    json.key("environments")
    json.beginArray()
    for environment in report.environments { write(environment, &json) }
    json.endArray()
    json.endObject()
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private func write(_ environment: EnvironmentReport, _ json: inout CanonicalJSON) {
    json.beginObject()
    json.member("environment", environment.environment)
    json.member("verdict", environment.verdict.rawValue)
    json.member("threshold", environment.threshold)
    json.member("signers", environment.signers.map(\.id))
    if let manifest = environment.manifest {
      json.key("manifest")
      json.append(canonical: manifest.payload)
    }
    json.key("files")
    json.beginArray()
    for file in environment.files {
      json.beginObject()
      json.member("path", file.path)
      json.member("status", file.status.rawValue)
      json.memberIfAny("message", file.message)
      json.endObject()
    }
    json.endArray()
    for rebuild in rebuilds ?? [] where rebuild.environment == environment.environment { write(rebuild, &json) }
    json.endObject()
  }

  private func write(_ rebuild: Rebuild, _ json: inout CanonicalJSON) {
    json.key("rebuild")
    json.beginObject()
    json.member("identical", rebuild.isIdentical)
    json.memberIfAny("flag", rebuild.difference?.flag)
    json.memberIfAny("path", rebuild.difference?.path)
    json.memberIfAny("published", rebuild.difference?.left)
    json.memberIfAny("rebuilt", rebuild.difference?.right)
    json.memberIfAny("note", rebuild.note)
    json.endObject()
  }
}
