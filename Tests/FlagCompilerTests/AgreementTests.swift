import Ensign
import FlagSource
import SeededRandom
import Testing

@testable import FlagCompiler

/// What is compiled and evaluated means what was written.
@Suite("Compiled flags and the model agree")
struct AgreementTests {
  @Test("random trees, random contexts", arguments: Effort.seeds(100))
  func agree(seed: UInt64) throws {
    let tree = RandomTree(seed: seed)
    let checked = try CanonicalityTests.check(tree, spelledWith: seed)
    var random = SplitMix64(seed: seed &+ 5000)
    for environment in tree.environments {
      let snapshot = try SnapshotCompiler.compileAndLoad(checked, environment: environment).snapshot
      for _ in 0..<20 {
        let given = RandomContext(&random)
        let slow = SlowEvaluator(
          tree: checked.tree, environment: environment, context: given.attributes, now: given.now.milliseconds)
        for flag in tree.flags {
          let fast = snapshot.evaluate(flag, in: given.context)
          let expected = slow.evaluate(flag)
          #expect(
            fast.variant == expected.variant && fast.reason.rawValue == expected.reason && fast.rule == expected.rule,
            "\(flag) in \(environment) for \(given): got \(fast), expected \(expected)")
        }
      }
    }
  }

  @Test("the contexts and trees above reach every reason and operator")
  func coverage() throws {
    var reasons: Set<String> = []
    var operators: Set<String> = []
    for seed in UInt64(0)..<100 {
      let tree = RandomTree(seed: seed)
      let checked = try CanonicalityTests.check(tree, spelledWith: seed)
      for environment in tree.environments {
        let compiled = try SnapshotCompiler.compileAndLoad(checked, environment: environment)
        let text = String(decoding: compiled.bytes, as: UTF8.self)
        for operation in Operator.allCases where text.contains("\"op\":\"\(operation.rawValue)\"") {
          operators.insert(operation.rawValue)
        }
        var random = SplitMix64(seed: seed)
        for flag in tree.flags {
          reasons.insert(compiled.snapshot.evaluate(flag, in: RandomContext(&random).context).reason.rawValue)
        }
      }
    }
    #expect(operators == Set(Operator.allCases.map(\.rawValue)))
    #expect(
      reasons == ["DISABLED", "PREREQUISITE_FAILED", "TARGETING_MATCH", "SPLIT", "STATIC", "DEFAULT"])
  }
}
