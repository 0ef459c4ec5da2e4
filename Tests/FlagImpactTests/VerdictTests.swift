import Testing

@testable import FlagImpact

@Suite("Verdicts")
struct VerdictTests {
  @Test("two verdicts together are commutative, associative, and never better than either")
  func combination() {
    let rank: [Verdict: Int] = [.equivalent: 0, .growsOnly: 1, .shrinksOnly: 1, .undecided: 2, .mixed: 3]
    for left in Verdict.allCases {
      for right in Verdict.allCases {
        let both = left.combined(with: right)
        #expect(both == right.combined(with: left))
        #expect((rank[both] ?? 0) >= max(rank[left] ?? 9, rank[right] ?? 9))
        for third in Verdict.allCases {
          #expect(both.combined(with: third) == left.combined(with: right.combined(with: third)))
        }
      }
    }
  }
}
