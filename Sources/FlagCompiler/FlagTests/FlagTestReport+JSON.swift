internal import Ensign
internal import FlagSource
internal import YAML

extension FlagTestReport {
  /// The report as one JSON document: `tests`, `summary`, and `coverage` when asked for.
  ///
  /// - Parameters:
  ///   - prefix: stands before the paths, such as `flags/`.
  ///   - coverage: whether to list the parts that decided no test.
  package func json(below prefix: String, coverage showsCoverage: Bool = false) -> [UInt8] {
    var json = CanonicalJSON(capacity: 512 * results.count)
    json.beginObject()
    if showsCoverage { append(coverage, to: &json, below: prefix) }
    json.object("summary") { json in
      json.member("failed", failedCount)
      json.member("passed", passedCount)
    }
    json.array("tests", results) { append($1, to: &$0, below: prefix) }
    json.endObject()
    return json.bytes
  }

  private func append(_ result: Result, to json: inout CanonicalJSON, below prefix: String) {
    let test = result.test
    json.beginObject()
    if let because = test.because { json.member("because", Evaluation.Place(because.value).name) }
    if let bucket = test.bucket { json.member("bucket", bucket.buckets) }
    json.key("context")
    test.appendContext(to: &json)
    json.appendPosition("end", test.range.end)
    json.member("environment", test.environment)
    json.key("expected")
    append(test.expectation.value, to: &json)
    json.member("failures", result.failures.map { $0.sentence(got: result.got) })
    json.member("file", prefix + files.path(of: test.file))
    json.member("flag", test.flag)
    json.key("got")
    append(result.got, to: &json)
    json.member("name", test.name)
    json.member("now", test.now.description)
    json.member("passed", result.failures.isEmpty)
    json.appendPosition("start", test.range.start)
    if let trace = result.trace { json.member("trace", trace.json) }
    json.endObject()
  }

  private func append(_ expectation: FlagTest.Expectation, to json: inout CanonicalJSON) {
    json.beginObject()
    switch expectation {
    case .variant(let variant): json.member("variant", variant)
    case .value(let value): json.member("value", value)
    }
    json.endObject()
  }

  private func append(_ evaluation: Evaluation, to json: inout CanonicalJSON) {
    json.beginObject()
    if let place = evaluation.decidedBy { json.member("because", place.name) }
    if let bucket = evaluation.bucket {
      json.key("bucket")
      json.append(bucket)
    }
    if let error = evaluation.errorCode { json.member("errorCode", error.rawValue) }
    json.member("reason", evaluation.reason.rawValue)
    if let value = evaluation.value {
      json.key("value")
      json.append(value)
    }
    if let variant = evaluation.variant { json.member("variant", variant) }
    json.endObject()
  }

  private func append(_ coverage: FlagTestCoverage, to json: inout CanonicalJSON, below prefix: String) {
    json.key("coverage")
    json.beginObject()
    json.key("decided")
    json.append(coverage.decidedCount)
    json.key("parts")
    json.append(coverage.partCount)
    json.key("undecided")
    json.beginArray()
    for part in coverage.undecided {
      json.beginObject()
      json.member("because", part.place.name)
      json.appendPosition("end", part.range.end)
      json.member("environment", part.environment)
      json.member("file", prefix + files.path(of: part.file))
      json.member("flag", part.flag)
      json.appendPosition("start", part.range.start)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}

extension CanonicalJSON {
  fileprivate mutating func appendPosition(_ name: String, _ position: SourcePosition) {
    key(name)
    beginObject()
    key("column")
    append(Int(position.column))
    key("line")
    append(Int(position.line))
    endObject()
  }
}
