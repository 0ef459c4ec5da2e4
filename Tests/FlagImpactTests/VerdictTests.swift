import Testing

@testable import FlagImpact

@Suite("Verdicts")
struct VerdictTests {
  @Test("two verdicts together are commutative, and never better than either")
  func combination() {
    let rank: [Verdict: Int] = [.equivalent: 0, .growsOnly: 1, .shrinksOnly: 1, .undecided: 2, .mixed: 3]
    for left in Verdict.allCases {
      for right in Verdict.allCases {
        let both = left.combined(with: right)
        #expect(both == right.combined(with: left))
        #expect((rank[both] ?? 0) >= max(rank[left] ?? 9, rank[right] ?? 9))
        // Of three, any order gives the same, which one after the other does not: growing and shrinking is mixed, and
        // with an undecided change in between that would be forgotten.
        for third in Verdict.allCases {
          #expect(Verdict.combined([left, right, third]) == Verdict.combined([third, left, right]))
        }
      }
    }
  }
}
