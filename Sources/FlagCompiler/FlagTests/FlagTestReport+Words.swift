package import Ensign
internal import FlagSource
internal import YAML

extension FlagTestReport {
  /// `path:line:column` of a place, the path behind `prefix`.
  func place(_ file: FileReference, _ range: SourceRange, below prefix: String) -> String {
    "\(prefix)\(files.path(of: file)):\(range.start.line):\(range.start.column)"
  }
}

extension FlagTestReport.Failure {
  /// One sentence: what was expected and what came instead.
  package func sentence(got: Evaluation) -> String {
    let variant = got.variant ?? "nothing"
    let why = "\(got.errorCode?.rawValue ?? got.reason.rawValue), decided by \(got.decidedBy?.name ?? "nothing")"
    return switch self {
    case .variant(let expected): "expected \(expected), got \(variant) (\(why))"
    case .value(let expected):
      "expected the value \(expected), got \(got.value?.description ?? "none"), the variant \(variant) (\(why))"
    case .place(let expected): "expected \(expected.name) to decide, got \(variant) (\(why))"
    }
  }
}

extension FlagTestCase {
  /// The context as one line of JSON, `now` and a forced bucket behind it.
  var circumstances: String {
    var json = CanonicalJSON()
    appendContext(to: &json)
    let forced = bucket.map { ", bucket \($0)" } ?? ""
    return "\(String(decoding: json.bytes, as: UTF8.self)) at \(now)\(forced)"
  }

  /// Writes the context as an object, its attributes in canonical order.
  func appendContext(to json: inout CanonicalJSON) {
    json.beginObject()
    for attribute in context.sorted(by: { CanonicalJSON.precedes($0.name, $1.name) }) {
      json.key(attribute.name)
      json.append(attribute.value)
    }
    json.endObject()
  }
}

/// Text that came from an author, made harmless for a terminal or a log.
enum PlainText {
  /// The text with control characters written as `\u{1b}`.
  static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isControl(scalar) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
  }
}
