import Ensign
import Testing

@testable import FlagServer

/// What every response of the protocol has to be, so that all released clients read it.
enum OFREPContract {
  static let reasons: Set<String> = [
    "STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "CACHED", "DISABLED", "UNKNOWN", "STALE", "ERROR",
  ]
  static let codes: Set<String> = ["PARSE_ERROR", "INVALID_CONTEXT", "FLAG_NOT_FOUND", "GENERAL"]

  /// The types of the flags of ``ServedShop`` that clients tell apart by how a number is written.
  static let types: [String: FlagType] = ["page-size": .integer, "ratio": .number]

  static func check(_ response: Response, to request: Request) {
    for violation in violations(response, to: request) {
      Issue.record("\(violation): \(response.status) \(String(decoding: response.body, as: UTF8.self))")
    }
  }

  static func violations(_ response: Response, to request: Request) -> [String] {
    var found: [String] = []
    func require(_ condition: Bool, _ text: String) { if !condition { found.append(text) } }
    require(
      response.headers.allSatisfy { $0.value.utf8.allSatisfy { (0x20...0x7e).contains($0) } },
      "a header is printable ASCII")
    guard response.status != 204, response.status != 304 else {
      require(response.body.isEmpty && response.header("content-type") == nil, "no body, and nothing said about one")
      return found
    }
    require(response.header("content-type") == "application/json", "Content-Type")
    guard let document = try? JSONValue(parsing: response.body), document.object != nil else {
      return found + ["the body is a JSON object"]
    }
    if response.status == 200, let flags = document["flags"]?.array {
      require(flags.map { $0["key"]?.string ?? "" }.isSortedByBytes, "flags are sorted by key")
      require(response.header("etag")?.first == "\"", "a strong ETag")
      let texts = flagTexts(response.body)
      require(texts.count == flags.count, "as many objects as flags")
      for (flag, text) in zip(flags, texts) { found += violations(flag, text: text, isError: false) }
      require(document["metadata"].map(isFlat) ?? true, "metadata is flat")
      return found
    }
    found += violations(document, text: response.body, isError: response.status != 200)
    require(
      (response.status == 429) == (response.header("retry-after").flatMap(Int.init) != nil && response.status != 503)
        || response.status == 503, "Retry-After in whole seconds")
    return found
  }

  private static func violations(_ flag: JSONValue, text: [UInt8], isError: Bool) -> [String] {
    var found: [String] = []
    func require(_ condition: Bool, _ text: String) { if !condition { found.append(text) } }
    require(flag["key"]?.string != nil, "key is a string")
    require(flag["variant"]?.string != nil, "variant is a string")
    require(reasons.contains(flag["reason"]?.string ?? ""), "reason is one of OpenFeature's")
    require(flag["metadata"].map(isFlat) ?? false, "metadata is an object of scalars")
    require(flag["value"] != .null, "value is never null")
    require((flag["value"] == nil) == isError, "a value, or an error")
    require((flag["errorCode"]?.string).map(codes.contains) ?? false == isError, "errorCode with errors only")
    require((flag["errorDetails"]?.string?.isEmpty ?? true) != isError, "errorDetails with errors only")
    if let type = types[flag["key"]?.string ?? ""], flag["value"] != nil {
      let number = valueText(text)
      let isFloating = number.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") }
      require(isFloating == (type == .number), "numbers have a point or an exponent, integers have not")
    }
    return found
  }

  private static func isFlat(_ metadata: JSONValue) -> Bool {
    guard let members = metadata.object else { return false }
    return members.allSatisfy { $0.value.object == nil && $0.value.array == nil && $0.value != .null }
  }

  /// The text of a numeric value in an object of one flag.
  private static func valueText(_ text: [UInt8]) -> ArraySlice<UInt8> {
    guard let start = text.firstRange(of: Array(#""value":"#.utf8))?.upperBound else { return [] }
    return text[start...].prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") }
  }

  /// The texts of the objects in the list of flags.
  private static func flagTexts(_ body: [UInt8]) -> [[UInt8]] {
    guard let tape = try? JSONReader.read(body), let flags = tape.member("flags", of: 0) else { return [] }
    var texts: [[UInt8]] = []
    var child = flags + 1
    while child < tape.tokens[flags].extent {
      let next = tape.end(of: child)
      let end = next < tape.tokens.count ? tape.tokens[next].offset : body.count
      texts.append(Array(body[tape.tokens[child].offset..<end]))
      child = next
    }
    return texts
  }
}

extension [String] {
  fileprivate var isSortedByBytes: Bool {
    zip(self, dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
