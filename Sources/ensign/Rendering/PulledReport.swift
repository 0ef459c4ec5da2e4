internal import Ensign

/// A line of `pull`.
struct PulledReport {
  let report: ClientReport
  let environment: String
  /// Whether another snapshot was written.
  let hasChanged: Bool

  /// One line.
  var text: String {
    var text = "\(environment): \(report.status)"
    if let sequence = report.sequence, let epoch = report.epoch, let sha256 = report.sha256 {
      text += ", epoch \(epoch), sequence \(sequence), sha256 \(sha256)"
      text += hasChanged ? ", updated" : ", unchanged"
    }
    return (report.message.isEmpty ? text : text + ": " + report.message).printable
  }

  /// One JSON document on one line.
  func document() -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.member("environment", environment)
    json.member("status", report.status.rawValue)
    json.member("message", report.message)
    json.member("updated", hasChanged)
    json.member("served", report.served.rawValue)
    if let epoch = report.epoch { json.member("epoch", epoch) }
    if let sequence = report.sequence { json.member("sequence", sequence) }
    json.memberIfAny("sha256", report.sha256)
    json.memberIfAny("created", report.created?.description)
    json.memberIfAny("expires", report.expires?.description)
    json.member("trustVersion", report.trustVersion)
    json.endObject()
    return json.bytes + [0x0A]
  }

  /// The members of ``document()``.
  static let fields = [
    JSONField("environment", "the environment"),
    JSONField("status", "how the update went: a word of the statuses of clients"),
    JSONField("message", "what is wrong; empty when nothing is"),
    JSONField("updated", "whether `snapshot.json` was replaced"),
    JSONField("served", "`current`, `safe` or `defaults`: which snapshot is in force"),
    JSONField("epoch", "the epoch of the manifest in force; this and the next four are left out without one"),
    JSONField("sequence", "its sequence"),
    JSONField("sha256", "the digest of the snapshot"),
    JSONField("created", "when the manifest was signed"),
    JSONField("expires", "when a newer one is overdue"),
    JSONField("trustVersion", "the version of the trust file that decides whose signatures count"),
  ]
}
