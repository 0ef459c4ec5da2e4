internal import Ensign
internal import FlagHistory

/// A new state of an environment, and what is different from the one before.
package struct WebhookMessage: Sendable {
  /// Who wrote a commit.
  package struct Author: Hashable, Sendable {
    /// The name.
    package let name: String
    /// The address.
    package let email: String

    /// Somebody by name and address.
    package init(name: String, email: String) {
      self.name = name
      self.email = email
    }
  }

  /// The most changes that a message lists.
  private static let maximumChanges = 500
  /// The most that a text for people lists.
  private static let maximumLines = 20

  private let environment: ServedEnvironment
  private let manifest: Manifest?
  private let author: Author?
  private let previous: String
  private let changes: [SemanticChange]

  /// - Parameters:
  ///   - manifest: the manifest in force; nil where nothing is signed.
  ///   - author: who wrote the manifest's commit, when that is known.
  ///   - previous: the version of the state before, `<epoch>.<sequence>`, and its snapshot.
  init(
    _ environment: ServedEnvironment, manifest: Manifest?, author: Author?,
    previous: (version: String, snapshot: [UInt8])
  ) throws(JSONError) {
    self.environment = environment
    self.manifest = manifest
    self.author = author
    self.previous = previous.version
    changes = try SnapshotComparison.changes(from: previous.snapshot, to: environment.bytes)
  }

  /// What names the message: the same for one that is sent again.
  var delivery: String { "\(environment.name)-\(environment.version)" }

  /// The body for a target.
  func body(_ format: WebhookTarget.Format) -> [UInt8] {
    switch format {
    case .json: json
    case .slack: slack
    }
  }

  // MARK: JSON

  private var json: [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    if let author {
      json.key(literal: "author")
      json.beginObject()
      json.member("email", author.email)
      json.member("name", author.name)
      json.endObject()
    }
    json.key(literal: "changes")
    json.beginArray()
    for change in changes.prefix(Self.maximumChanges) { json.append(change) }
    json.endArray()
    json.member("environment", environment.name)
    json.member("event", "snapshot")
    json.key(literal: "moreChanges")
    json.append(max(0, changes.count - Self.maximumChanges))
    json.member("previousVersion", previous)
    json.member("project", environment.snapshot.project)
    json.member("sha256", environment.sha256)
    if let source = manifest?.source {
      json.key(literal: "source")
      json.beginObject()
      json.member("commit", source.commit)
      json.member("ref", source.ref)
      json.member("tree", source.tree)
      json.endObject()
    }
    json.member("version", environment.version)
    json.endObject()
    return json.bytes
  }

  // MARK: Text

  private var slack: [UInt8] {
    var text = "*\(Self.escaped(environment.snapshot.project)) \(Self.escaped(environment.name))* is at "
    text += environment.version
    if let source = manifest?.source { text += ", commit \(source.commit.prefix(12))" }
    if let author { text += " by \(Self.escaped(author.name))" }
    let shown = changes.count > Self.maximumLines ? changes.prefix(Self.maximumLines - 1) : changes[...]
    for change in shown { text += "\n• \(Self.escaped(change.subject.name)): \(Self.escaped(change.text))" }
    if changes.isEmpty { text += "\nNothing means anything else than before." }
    if shown.count < changes.count { text += "\n… and \(changes.count - shown.count) more changes" }
    var json = CanonicalJSON()
    json.beginObject()
    json.member("text", text)
    json.endObject()
    return json.bytes
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}

extension SemanticChange.Subject {
  fileprivate var name: String {
    switch self {
    case .flag(let key): key
    case .segment(let key): "segment \(key)"
    case .project: "project"
    }
  }
}

extension CanonicalJSON {
  fileprivate mutating func append(_ change: SemanticChange) {
    beginObject()
    // Lists of keys name people, and may be long: the text says how many.
    let isOfKeys =
      switch change.path {
      case .targets, .include, .exclude, .whole: true
      default: false
      }
    if let after = change.after, !isOfKeys {
      key(literal: "after")
      append(after)
    }
    if let before = change.before, !isOfKeys {
      key(literal: "before")
      append(before)
    }
    if case .flag(let key) = change.subject { member("flag", key) }
    member("path", change.path.text)
    if case .segment(let key) = change.subject { member("segment", key) }
    member("text", change.text)
    endObject()
  }
}
