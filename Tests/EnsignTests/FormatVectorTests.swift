import Foundation
import Testing

@testable import Ensign

/// The vectors of the snapshot format, which readers in other languages run too.
///
/// `ENSIGN_RECORD_VECTORS=1` writes the expectations anew, from the slow evaluator, and fails: look at the difference.
@Suite("Vectors of the snapshot format")
struct FormatVectorTests {
  static let names = ["decisions.json", "operators.json", "rollouts.json"]
  static let isRecording = ProcessInfo.processInfo.environment["ENSIGN_RECORD_VECTORS"] == "1"

  @Test func allFilesAreRead() throws {
    #expect(try Fixtures.names(in: "vectors") == Self.names)
  }

  @Test(arguments: names)
  func vectors(_ name: String) throws {
    let document = try JSONValue(parsing: Fixtures.bytes("vectors/\(name)"))
    let cases = try #require(document["cases"]?.array)
    #expect(cases.count > 40)
    if Self.isRecording { return try record(document, cases, name) }
    let snapshot = try Snapshot(try #require(document["snapshot"]).canonicalBytes)
    for vector in cases {
      let expected = try #require(vector["expect"])
      let (context, bucket) = try circumstances(of: vector)
      let evaluation = snapshot.evaluate(
        try #require(vector["flag"]?.string), in: context, forcedBucket: bucket)
      #expect(outcome(of: evaluation).canonicalBytes == expected.canonicalBytes, "\(vector)")
      let slow = try slowOutcome(document, vector)
      #expect(slow.canonicalBytes == expected.canonicalBytes, "\(vector)")
    }
  }

  private func circumstances(of vector: JSONValue) throws -> (Context, bucket: Int?) {
    var context = try Context(json: try #require(vector["context"]).canonicalBytes)
    context.now = try Timestamp(vector["now"]?.string ?? "2026-01-01T00:00:00Z")
    return (context, (vector["bucket"]?.integer).map(Int.init))
  }

  private func outcome(of evaluation: Evaluation) -> JSONValue {
    outcome(
      evaluation.value, evaluation.variant, evaluation.reason.rawValue, evaluation.decidedBy?.name, evaluation.bucket,
      evaluation.errorCode?.rawValue)
  }

  private func slowOutcome(_ document: JSONValue, _ vector: JSONValue) throws -> JSONValue {
    let (context, bucket) = try circumstances(of: vector)
    let snapshot = try #require(document["snapshot"])
    let slow = SlowEvaluator(
      snapshot: snapshot, context: context.attributes, now: context.now?.milliseconds ?? 0, forcedBucket: bucket)
    let key = vector["flag"]?.string ?? ""
    guard let verdict = slow.evaluate(key) else { return outcome(nil, nil, "ERROR", nil, nil, "FLAG_NOT_FOUND") }
    let value = snapshot["flags"]?[key]?["variants"]?[verdict.variant]
    return outcome(value, verdict.variant, verdict.reason, verdict.decidedBy, verdict.bucket, nil)
  }

  private func outcome(
    _ value: JSONValue?, _ variant: String?, _ reason: String, _ decidedBy: String?, _ bucket: Int?, _ error: String?
  ) -> JSONValue {
    let members: [(String, JSONValue?)] = [
      ("value", value), ("variant", variant.map(JSONValue.string)), ("reason", .string(reason)),
      ("decidedBy", decidedBy.map(JSONValue.string)), ("bucket", bucket.map { .integer(Int64($0)) }),
      ("errorCode", error.map(JSONValue.string)),
    ]
    return .object(members.compactMap { key, value in value.map { .init(key: key, value: $0) } })
  }

  private func record(_ document: JSONValue, _ cases: [JSONValue], _ name: String) throws {
    let lines = try cases.map { vector in
      let given = (vector.object ?? []).filter { $0.key != "expect" }
      return "    \(JSONValue.object(given + [.init(key: "expect", value: try slowOutcome(document, vector))]))"
    }
    let text = """
      {
        "description": \(try #require(document["description"])),
        "snapshot": \(try #require(document["snapshot"])),
        "cases": [
      \(lines.joined(separator: ",\n"))
        ]
      }

      """
    try Data(text.utf8).write(to: Fixtures.folder.appendingPathComponent("vectors/\(name)"))
    Issue.record("recorded \(name); run again without ENSIGN_RECORD_VECTORS")
  }
}
