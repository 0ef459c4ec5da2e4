/// A report in the form of JUnit's, as Jenkins, GitLab and others read it.
///
/// Without times: a run is the same every time, and so is its report.
package struct JUnitDocument: Sendable {
  /// What ran, such as `ensign test`.
  package var name: String
  package var suites: [Suite]

  package init(name: String, suites: [Suite]) {
    self.name = name
    self.suites = suites
  }

  /// Cases that belong together, such as those of a file.
  package struct Suite: Sendable {
    package var name: String
    package var cases: [Case]

    package init(name: String, cases: [Case]) {
      self.name = name
      self.cases = cases
    }
  }

  /// One thing that was looked at.
  package struct Case: Sendable {
    package var name: String
    package var className: String
    package var failure: Failure?
    /// What is worth saying though nothing failed.
    package var output: String?

    package init(name: String, className: String, failure: Failure? = nil, output: String? = nil) {
      self.name = name
      self.className = className
      self.failure = failure
      self.output = output
    }
  }

  /// Why a case failed.
  package struct Failure: Sendable {
    /// The kind of failure, one word.
    package var type: String
    package var message: String
    /// Everything about it.
    package var text: String

    package init(type: String, message: String, text: String) {
      self.type = type
      self.message = message
      self.text = text
    }
  }

  /// The document.
  package var xml: String {
    let cases = suites.flatMap(\.cases)
    var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    xml += "<testsuites name=\"\(XML.attribute(name))\" tests=\"\(cases.count)\""
    xml += " failures=\"\(cases.count { $0.failure != nil })\" errors=\"0\">\n"
    for suite in suites {
      let failed = suite.cases.count { $0.failure != nil }
      xml += "  <testsuite name=\"\(XML.attribute(suite.name))\""
      xml += " tests=\"\(suite.cases.count)\" failures=\"\(failed)\" errors=\"0\" skipped=\"0\">\n"
      for element in suite.cases { Self.append(element, to: &xml) }
      xml += "  </testsuite>\n"
    }
    return xml + "</testsuites>\n"
  }

  private static func append(_ element: Case, to xml: inout String) {
    xml += "    <testcase name=\"\(XML.attribute(element.name))\" classname=\"\(XML.attribute(element.className))\""
    if element.failure == nil, element.output == nil {
      xml += "/>\n"
      return
    }
    xml += ">\n"
    if let failure = element.failure {
      xml += "      <failure type=\"\(XML.attribute(failure.type))\" message=\"\(XML.attribute(failure.message))\">"
      xml += XML.text(failure.text) + "</failure>\n"
    }
    if let output = element.output { xml += "      <system-out>\(XML.text(output))</system-out>\n" }
    xml += "    </testcase>\n"
  }
}
