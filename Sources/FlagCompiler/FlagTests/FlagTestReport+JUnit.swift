internal import Ensign
internal import FlagSource

extension FlagTestReport {
  /// The report as a JUnit file, as Jenkins and others read it: a suite per file, a case per test.
  ///
  /// Without times: a run is the same every time, and so is its report.
  ///
  /// - Parameter prefix: stands before the paths, such as `flags/`.
  package func junit(below prefix: String) -> String {
    var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    xml += "<testsuites name=\"ensign test\" tests=\"\(results.count)\" failures=\"\(failedCount)\" errors=\"0\">\n"
    var rest = results[...]
    while let file = rest.first?.test.file {
      let suite = rest.prefix { $0.test.file == file }
      rest = rest.dropFirst(suite.count)
      let failed = suite.count { !$0.failures.isEmpty }
      xml += "  <testsuite name=\"\(XML.attribute(prefix + files.path(of: file)))\""
      xml += " tests=\"\(suite.count)\" failures=\"\(failed)\" errors=\"0\" skipped=\"0\">\n"
      for result in suite { appendCase(result, to: &xml, below: prefix) }
      xml += "  </testsuite>\n"
    }
    return xml + "</testsuites>\n"
  }

  private func appendCase(_ result: Result, to xml: inout String, below prefix: String) {
    let test = result.test
    xml += "    <testcase name=\"\(XML.attribute(test.name))\""
    xml += " classname=\"\(XML.attribute("\(test.environment).\(test.flag)"))\""
    guard !result.failures.isEmpty else {
      xml += "/>\n"
      return
    }
    let sentences = result.failures.map { $0.sentence(got: result.got) }
    xml += ">\n      <failure type=\"unexpected\" message=\"\(XML.attribute(sentences.joined(separator: "; ")))\">"
    xml += XML.text(lines(of: result, below: prefix).joined(separator: "\n"))
    xml += "</failure>\n    </testcase>\n"
  }
}

/// Escapes text for XML 1.0, which has no way to write most control characters: they become U+FFFD.
enum XML {
  /// Text between tags.
  static func text(_ text: String) -> String { escape(text, isAttribute: false) }

  /// Text between double quotes, where a line end would be read as a space.
  static func attribute(_ text: String) -> String { escape(text, isAttribute: true) }

  private static func escape(_ text: String, isAttribute: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\r": result += "&#13;"
      case "\t", "\n":
        if isAttribute { result += "&#\(scalar.value);" } else { result.unicodeScalars.append(scalar) }
      default: result.unicodeScalars.append(scalar.value < 0x20 || scalar.value & ~1 == 0xfffe ? "\u{fffd}" : scalar)
      }
    }
    return result
  }
}
