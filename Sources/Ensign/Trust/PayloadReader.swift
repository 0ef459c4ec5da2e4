/// Reads the members of a signed payload, and says which one is wrong.
///
/// Members that are not asked for are let pass: a later version may add some. What may not be ignored raises `v`.
struct PayloadReader {
  let value: JSONValue
  /// Where the value stands, such as `roles.root`; empty for the document.
  let path: String

  /// A document that must have this `type`, and `v` 1.
  init(document bytes: [UInt8], type: String) throws(VerificationError) {
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw VerificationError(.malformed, "the \(type) payload is no JSON: \(error)")
    }
    path = ""
    let actual = try string("type")
    guard actual == type else {
      throw VerificationError(.malformed, "expected a payload of type '\(type)', not '\(actual)'")
    }
    let version = try integer("v")
    guard version == 1 else {
      throw VerificationError(
        .unsupported, "the \(type) payload has format version \(version), and this reader knows 1")
    }
  }

  init(_ value: JSONValue, at path: String) {
    self.value = value
    self.path = path
  }

  /// The path of a member.
  func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  func wrong(_ name: String, _ expected: String) -> VerificationError {
    VerificationError(.malformed, "'\(place(name))' is not \(expected)")
  }

  /// An object's member; nil when there is none.
  func optional(_ name: String) -> PayloadReader? {
    value[name].map { PayloadReader($0, at: place(name)) }
  }

  func object(_ name: String) throws(VerificationError) -> PayloadReader {
    guard let member = optional(name), member.value.object != nil else { throw wrong(name, "an object") }
    return member
  }

  /// A string of 1 to 1,024 bytes.
  func string(_ name: String) throws(VerificationError) -> String {
    guard let text = value[name]?.string, (1...1024).contains(text.utf8.count) else {
      throw wrong(name, "a string of 1 to 1,024 bytes")
    }
    return text
  }

  /// An integer from `minimum` to 2^53 − 1.
  func integer(_ name: String, minimum: Int64 = 1) throws(VerificationError) -> Int {
    guard let number = value[name]?.integer, number >= minimum else {
      throw wrong(name, "an integer from \(minimum) on")
    }
    return Int(number)
  }

  /// An instant in the one form that signed files have: `YYYY-MM-DDTHH:MM:SSZ`.
  func timestamp(_ name: String) throws(VerificationError) -> Timestamp {
    guard let text = value[name]?.string, text.utf8.count == 20, text.hasSuffix("Z"),
      let instant = try? Timestamp(text)
    else { throw wrong(name, "a time such as 2026-11-20T23:40:00Z") }
    return instant
  }

  /// Lower-case hexadecimal digits, as many as one of `lengths` says.
  func hexadecimal(_ name: String, lengths: [Int]) throws(VerificationError) -> String {
    guard let text = value[name]?.string, lengths.contains(text.utf8.count), Hexadecimal.decode(text) != nil else {
      throw wrong(name, "\(lengths.map(String.init).joined(separator: " or ")) lower-case hexadecimal digits")
    }
    return text
  }
}
