package import Ensign

/// A snapshot as flag definitions of flagd: what its daemon and its providers' file mode read.
///
/// Flags that cannot be said are left out, and said to be. Percentages are of flagd's own hash: who gets which variant
/// differs from what Ensign serves, how many do not.
package struct FlagdExport: Sendable {
  /// A flag that is left out, and why.
  package struct Omission: Hashable, Sendable {
    /// The flag's key.
    package let flag: String
    /// What flagd does not have.
    package let reason: String
  }

  /// The JSON document.
  package let document: [UInt8]
  /// What is left out, sorted by key.
  package let omissions: [Omission]
  /// The flags with percentages, sorted by key.
  package let percentages: [String]

  /// Translates a snapshot.
  ///
  /// - Parameters:
  ///   - bytes: a document that was loaded as a snapshot before.
  ///   - version: what names this state of the environment, such as `<epoch>.<sequence>`.
  package init(_ bytes: [UInt8], version: String) throws(JSONError) {
    let snapshot = try JSONValue(parsing: bytes)
    var translator = FlagdTranslator(snapshot)
    var omissions: [Omission] = []
    var percentages: [String] = []
    var flags = CanonicalJSON(capacity: bytes.count)
    flags.beginObject()
    for flag in snapshot["flags"]?.object ?? [] {
      do throws(FlagdError) {
        let targeting = try translator.targeting(of: flag.value)
        if targeting.hasPercentages { percentages.append(flag.key) }
        flags.key(flag.key)
        flags.append(flag.value, defaultVariant: targeting.defaultVariant, targeting: targeting.targeting)
      } catch {
        omissions.append(Omission(flag: flag.key, reason: error.reason))
      }
    }
    flags.endObject()
    self.omissions = omissions
    self.percentages = percentages
    document = Self.document(
      flags.bytes, environment: snapshot["environment"]?.string ?? "", version: version, omissions: omissions,
      hasPercentages: !percentages.isEmpty)
  }

  private static func document(
    _ flags: [UInt8], environment: String, version: String, omissions: [Omission], hasPercentages: Bool
  ) -> [UInt8] {
    var json = CanonicalJSON(capacity: flags.count + 1024)
    json.beginObject()
    json.key(literal: "$schema")
    json.append("https://flagd.dev/schema/v0/flags.json")
    json.key(literal: "flags")
    json.append(canonical: flags)
    json.key(literal: "metadata")
    json.beginObject()
    if hasPercentages {
      json.key(literal: "bucketing")
      json.append("by flagd's own hash, not \(Bucketing.algorithm): the same shares of other contexts")
    }
    json.key(literal: "flagSetId")
    json.append(environment)
    if !omissions.isEmpty {
      json.key(literal: "leftOut")
      json.append(omissions.map { "\($0.flag): \($0.reason)" }.joined(separator: "; "))
    }
    json.key(literal: "version")
    json.append(version)
    json.endObject()
    json.endObject()
    return json.bytes
  }
}

extension CanonicalJSON {
  /// Writes a flag of a snapshot as flagd has it.
  fileprivate mutating func append(_ flag: JSONValue, defaultVariant: String, targeting: JSONValue?) {
    beginObject()
    key(literal: "defaultVariant")
    append(defaultVariant)
    key(literal: "metadata")
    beginObject()
    for name in ["kind", "owner"] {
      guard let text = flag["metadata"]?[name]?.string else { continue }
      key(name)
      append(text)
    }
    endObject()
    key(literal: "state")
    append("ENABLED")
    if let targeting {
      key(literal: "targeting")
      append(targeting)
    }
    key(literal: "variants")
    beginObject()
    for variant in flag["variants"]?.object ?? [] {
      key(variant.key)
      append(variant.value, ofType: flag["type"]?.string ?? "")
    }
    endObject()
    endObject()
  }

  /// Writes a value of a flag's type: numbers with a decimal point or an exponent, integers without.
  mutating func append(_ value: JSONValue, ofType type: String) {
    guard type == "number", let number = value.number else { return append(value) }
    append(canonical: FloatingPointText.bytes(number))
  }
}
