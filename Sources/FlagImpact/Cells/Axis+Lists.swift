internal import Ensign

// Lists of texts: elements that the tests do not tell apart are one class, of which a list has none, some or all.

extension Axis {
  /// More combinations of classes than this are not listed.
  private static let maximumCombinations = 20_000

  mutating func insertLists() {
    var classes: [Signature: [String]] = [:]
    var mentions: [ExactText: Signature] = [:]
    for (index, test) in tests.enumerated() where test.type == .list {
      switch test.kind {
      case .includes(let elements), .includesAll(let elements):
        for element in elements { mentions[element, default: Signature(count: tests.count)][index] = true }
      default: break
      }
    }
    for (element, signature) in mentions { classes[signature, default: []].append(element.string) }
    let sorted = classes.values.map { $0.sorted(by: ExactText.precedes) }.sorted { ExactText.precedes($0[0], $1[0]) }
    // Of a class with several elements it matters whether a list has one, and whether it has all of them.
    let choices: [[[String]]] = sorted.map { $0.count == 1 ? [[], $0] : [[], [$0[0]], $0] }
    var combinations: [[String]] = [[]]
    for choice in choices {
      guard combinations.count * choice.count <= Self.maximumCombinations else {
        markIncomplete()
        break
      }
      combinations = choice.flatMap { elements in combinations.map { $0 + elements } }
    }
    for elements in combinations { insert(.list(elements), content: .list, [.values([.list(elements)])]) }
  }
}
