import SeededRandom
import Testing

@testable import Ensign

@Suite("The evaluator against a slow one")
struct EvaluationPropertyTests {
  @Test("agrees on random snapshots and contexts", arguments: Effort.seeds(150))
  func agrees(seed: UInt64) throws {
    var random = RandomSnapshot(seed: seed)
    let document = random.snapshot()
    let snapshot = try SnapshotTests.load(document.canonicalBytes)
    #expect(snapshot.flagKeys == (0..<6).map { "f\($0)" })
    for _ in 0..<25 {
      let context = random.context()
      let prepared = snapshot.prepare(context)
      let slow = SlowEvaluator(
        snapshot: document, context: context.attributes, now: context.now?.milliseconds ?? 0)
      let all = snapshot.evaluateAll(in: context)
      for (index, key) in snapshot.flagKeys.enumerated() {
        let expected = try #require(slow.evaluate(key))
        let evaluation = snapshot.evaluate(key, in: context)
        let found = SlowEvaluator.Verdict(
          variant: evaluation.variant ?? "", reason: evaluation.reason.rawValue,
          decidedBy: evaluation.decidedBy?.name ?? "", bucket: evaluation.bucket)
        #expect(found == expected, "\(key) \(context.attributes)")
        #expect(evaluation.value == .string("value \(expected.variant)"))
        // Every other way to ask gives the same.
        #expect(snapshot.evaluate(key, in: prepared) == evaluation)
        #expect(all[index] == evaluation)
        let flag = try #require(snapshot.flag(key))
        #expect(flag.evaluate(in: context) == evaluation)
        #expect(flag.string(in: prepared, default: "") == "value \(expected.variant)")
        #expect(snapshot.string(key, in: context, default: "") == "value \(expected.variant)")
      }
    }
  }

  @Test("a forced bucket replaces every hash", arguments: UInt64(0)..<40)
  func forcedBucket(seed: UInt64) throws {
    var random = RandomSnapshot(seed: seed)
    let document = random.snapshot()
    let snapshot = try Snapshot(document.canonicalBytes)
    for bucket in [0, 4999, 24_999, 25_000, 99_998, 99_999] {
      let context = random.context()
      let slow = SlowEvaluator(
        snapshot: document, context: context.attributes, now: context.now?.milliseconds ?? 0, forcedBucket: bucket)
      for key in snapshot.flagKeys {
        let evaluation = snapshot.evaluate(key, in: context, forcedBucket: bucket)
        #expect(evaluation.variant == slow.evaluate(key)?.variant)
        #expect(evaluation.bucket == slow.evaluate(key)?.bucket)
        #expect(snapshot.trace(key, in: context, forcedBucket: bucket)?.evaluation == evaluation)
      }
    }
  }

  @Test(
    "a trace tells what was decided, and its conditions hold where the evaluator says so", arguments: Effort.seeds(80))
  func trace(seed: UInt64) throws {
    var random = RandomSnapshot(seed: seed)
    let document = random.snapshot()
    let snapshot = try Snapshot(document.canonicalBytes)
    for _ in 0..<10 {
      let context = random.context()
      for key in snapshot.flagKeys {
        let trace = try #require(snapshot.trace(key, in: context))
        let evaluation = snapshot.evaluate(key, in: context)
        #expect(trace.evaluation == evaluation)
        try check(trace)
        #expect(try JSONValue(parsing: trace.json.canonicalBytes)["variant"]?.string == evaluation.variant)
        #expect(trace.lines.first?.contains(evaluation.reason.rawValue) == true)
      }
    }
  }

  /// What follows from the steps of a trace is its verdict.
  private func check(_ trace: Trace) throws {
    let evaluation = trace.evaluation
    for requirement in trace.requirements {
      let served = requirement.trace.evaluation.variant ?? ""
      #expect(requirement.holds == requirement.variants.contains(served))
      try check(requirement.trace)
    }
    #expect((evaluation.reason == .prerequisiteFailed) == trace.requirements.contains { !$0.holds })
    #expect((evaluation.decidedBy == .targets) == (trace.target?.variant != nil))
    #expect((evaluation.rule != nil) == trace.rules.contains { $0.outcome == .decided })
    for rule in trace.rules where rule.outcome != .notReached {
      // A group's verdict follows from its parts', so this holds the parts to the evaluator's verdict, too.
      if let when = rule.when { #expect(when.holds == (rule.outcome != .conditionFails)) }
      guard rule.outcome == .decided else { continue }
      #expect(rule.name == evaluation.rule)
      #expect(rule.serve?.variant == evaluation.variant)
      #expect((rule.serve?.hash ?? rule.share?.hash)?.bucket == evaluation.bucket)
    }
    if let otherwise = trace.otherwise {
      #expect(otherwise.variant == evaluation.variant)
      #expect(otherwise.hash?.bucket == evaluation.bucket)
      if let range = otherwise.range { #expect(range.contains(try #require(evaluation.bucket))) }
    }
  }
}
